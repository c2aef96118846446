// The page: the direct messages on the left, the selected thread on the right; on a phone one of them.
import { type ChatApi, connectApi } from "./chat-api.mts";
import { openStore } from "./chat-store.mts";
import { createComposer } from "./composer.mts";
import { element, find } from "./element.mts";
import { emojiSymbol } from "./emoji.ts";
import { createPostList } from "./post-list.mts";
import type { PostActions } from "./post-view.mts";
import type { FileInfo } from "./wire.mts";

/** The address says which thread is open, so that the browser's back button closes it. */
const THREAD = /^#thread\/(\w+)$/;
const isWide = (): boolean => matchMedia("(min-width: 720px)").matches;
const openThread = (rootId: string): void => {
  location.hash = `#thread/${rootId}`;
};

async function save(api: ChatApi, { id, name }: FileInfo): Promise<void> {
  const url = URL.createObjectURL(await api.download(id));
  const link = element("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function start(api: ChatApi): void {
  const { session } = api;
  const store = openStore(api);
  const selected = (): string => THREAD.exec(location.hash)?.[1] ?? "";
  const actions: PostActions = {
    session,
    openThread,
    toggle(post, emoji) {
      const isMine = post.reactions.some((it) => it.userId === session.me.id && it.emoji === emoji);
      void (isMine ? api.unreact(post.id, emoji) : api.react(post.id, emoji));
    },
    download: (file) => void save(api, file),
  };

  const lobby = createPostList(actions);
  const thread = createPostList(actions);
  const lobbyTyping = element("p", "typing");
  const threadTyping = element("p", "typing");
  const lobbyBox = createComposer((message, files) => api.send(message, "", files));
  const threadBox = createComposer((message, files) => api.send(message, selected(), files));
  lobbyBox.setPlaceholder(`Write to ${session.bot.username} – !sessions, !help`);
  threadBox.setPlaceholder("Reply to this thread …");
  find(".lobby").append(lobby.node, lobbyTyping, lobbyBox.node);
  const nothing = element("p", "nothing", "Choose a session’s card to open its thread.");
  find(".thread").append(nothing, thread.node, threadTyping, threadBox.node);

  const typing = (rootId: string): string =>
    store.isTyping(rootId) ? `${session.bot.username} is typing …` : "";

  function render(): void {
    const rootId = selected();
    const root = store.post(rootId);
    document.body.classList.toggle("in-thread", root !== undefined);
    find(".bar .line").textContent = store.isConnected() ? "" : "Connecting …";
    if (root !== undefined && !document.hidden) store.seen(rootId);
    lobby.show(store.posts(""), ({ id, isCard }) => {
      const replies = store.replies(id);
      return isCard || replies.count > 0 ? { replies, isSelected: id === rootId } : {};
    });
    thread.show(root === undefined ? [] : store.posts(rootId), () => ({}));
    lobbyTyping.textContent = typing("");
    threadTyping.textContent = root === undefined ? "" : typing(rootId);
    find(".thread .where").textContent = root?.message.split("\n")[0]?.replace(/\*\*/g, "") ?? "";
  }

  /** Where there is room for both, the newest session is open from the beginning. */
  function openNewest(): void {
    const newest = store.posts("").findLast(({ isCard }) => isCard);
    if (newest === undefined || selected() !== "" || !isWide()) return;
    history.replaceState(undefined, "", `#thread/${newest.id}`);
  }

  const botStatus = createBotStatus(api);
  let isDue = false;
  let isFirst = true;
  function renderSoon(): void {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      if (isFirst && store.isConnected()) {
        isFirst = false;
        openNewest();
      }
      render();
      botStatus.refresh();
    });
  }

  store.onChange(renderSoon);
  document.addEventListener("visibilitychange", renderSoon);
  window.addEventListener("hashchange", () => {
    thread.reset();
    render();
    if (selected() !== "" && isWide()) threadBox.focus();
  });
  find(".back").addEventListener("click", () => {
    location.hash = "";
  });
  document.addEventListener("click", (event) => followLink(event));
}

/** A link to a post of this Mattermost opens its thread; a click on a card does, too. */
function followLink(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest("a");
  const [, postId] = /\/_redirect\/pl\/(\w+)$/.exec(link?.href ?? "") ?? [];
  if (postId !== undefined) {
    event.preventDefault();
    openThread(postId);
    return;
  }
  if (link !== null || String(getSelection()) !== "") return;
  const card = event.target.closest<HTMLElement>(".card");
  const id = card?.dataset["id"];
  if (id !== undefined) openThread(id);
}

/** Mattermost does not tell when a status changes; the bot changes its own soon after what it posts. */
function createBotStatus(api: ChatApi): { refresh(): void } {
  const place = find(".bot-status");
  let isDue = false;
  let later: number | undefined;
  async function show(): Promise<void> {
    isDue = false;
    const { emoji, text } = await api.botStatus();
    place.textContent = emojiSymbol(emoji) ?? "";
    place.title = text;
  }
  return {
    refresh() {
      if (!isDue) setTimeout(() => void show(), 300);
      isDue = true;
      clearTimeout(later);
      later = window.setTimeout(() => void show(), 2_500);
    },
  };
}

start(await connectApi());
