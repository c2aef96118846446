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
    lobby.show(store.posts(""), ({ id, userId }) =>
      userId === session.bot.id || store.replies(id).count > 0
        ? { replies: store.replies(id), isSelected: id === rootId }
        : {},
    );
    thread.show(root === undefined ? [] : store.posts(rootId), () => ({}));
    lobbyTyping.textContent = typing("");
    threadTyping.textContent = root === undefined ? "" : typing(rootId);
    find(".thread .where").textContent = root?.message.split("\n")[0]?.replace(/\*\*/g, "") ?? "";
  }

  let isDue = false;
  function renderSoon(): void {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      render();
      void showBotStatus(api);
    });
  }

  store.onChange(renderSoon);
  document.addEventListener("visibilitychange", renderSoon);
  window.addEventListener("hashchange", () => {
    thread.reset();
    render();
    if (selected() !== "" && matchMedia("(min-width: 720px)").matches) threadBox.focus();
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

let statusAskedAt = 0;
async function showBotStatus(api: ChatApi): Promise<void> {
  if (Date.now() - statusAskedAt < 1_000) return;
  statusAskedAt = Date.now();
  const { emoji, text } = await api.botStatus();
  const place = find(".bot-status");
  place.textContent = emojiSymbol(emoji) ?? "";
  place.title = text;
}

start(await connectApi());
