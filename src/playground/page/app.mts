// The page: the direct messages on the left, the selected thread on the right; on a phone one of them.
import { createAnnouncer } from "./announcer.mts";
import { type BotStatus, createBotStatus } from "./bot-status.mts";
import { type ChatApi, connectApi } from "./chat-api.mts";
import { type ChatStore, openStore } from "./chat-store.mts";
import { type Composer, createComposer } from "./composer.mts";
import { element, find, showChildren } from "./element.mts";
import { createFirstSteps } from "./first-steps.mts";
import { focusCard, listenToKeys } from "./keyboard.mts";
import { createPostList } from "./post-list.mts";
import { type PostActions, titleOf } from "./post-view.mts";
import { openReadMarks } from "./read-marks.mts";
import { closeThread, isWide, openThread, selectedThread, threadOfLink } from "./selection.mts";
import { createThemeSwitch } from "./theme.mts";
import type { FileInfo, Post } from "./wire.mts";

async function save(api: ChatApi, { id, name }: FileInfo): Promise<void> {
  const url = URL.createObjectURL(await api.download(id));
  const link = element("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** `tell` is given what could not be done, in words. */
function actionsOf(api: ChatApi, tell: (problem: string) => void): PostActions {
  const attempt = (done: Promise<void>): void =>
    void done.then(
      () => tell(""),
      (cause: unknown) => tell(`Not done: ${cause instanceof Error ? cause.message : cause}`),
    );
  return {
    session: api.session,
    openThread,
    toggle(post, emoji) {
      const { id } = api.session.me;
      const isMine = post.reactions.some((it) => it.userId === id && it.emoji === emoji);
      attempt(isMine ? api.unreact(post.id, emoji) : api.react(post.id, emoji));
    },
    download: (file) => attempt(save(api, file)),
  };
}

/** A reply box for each thread: what is written in one never goes to another. */
function createReplyBoxes(api: ChatApi): (rootId: string) => Composer {
  const boxes = new Map<string, Composer>();
  return (rootId) => {
    const known = boxes.get(rootId);
    if (known !== undefined) return known;
    const box = createComposer((message, files) => api.send(message, rootId, files));
    box.setPlaceholder("Reply to this thread …");
    boxes.set(rootId, box);
    return box;
  };
}

const newestCard = (store: ChatStore): Post | undefined =>
  store.posts("").findLast(({ isCard }) => isCard);

function start(api: ChatApi): void {
  const { me, bot } = api.session;
  const store = openStore(api, openReadMarks(api.session.channelId));
  let problem = "";
  const actions = actionsOf(api, (text) => {
    problem = text;
    renderSoon();
  });
  const lobby = createPostList(actions);
  const thread = createPostList(actions);
  const lobbyTyping = element("p", "typing");
  const threadTyping = element("p", "typing");
  const lobbyBox = createComposer((message, files) => api.send(message, "", files));
  lobbyBox.setPlaceholder(`Write to ${bot.username} – !sessions, !help`);
  const boxOf = createReplyBoxes(api);
  const boxPlace = element("div", "reply");
  const firstSteps = createFirstSteps((prompt) => {
    const rootId = newestCard(store)?.id;
    if (rootId === undefined) return;
    openThread(rootId);
    boxOf(rootId).sendNow(prompt);
  });
  const nothing = element("p", "nothing", "Choose a session’s card to open its thread.");
  find(".lobby").append(firstSteps.node, lobby.node, lobbyTyping, lobbyBox.node);
  find(".thread").append(nothing, thread.node, threadTyping, boxPlace);

  const announcer = createAnnouncer();
  document.body.append(announcer.node);
  store.onPost((post) => {
    if (post.userId !== bot.id) return;
    const root = store.post(post.rootId);
    announcer.say(`${root === undefined ? bot.username : titleOf(root)}: ${titleOf(post)}`);
  });

  const typing = (rootId: string): string =>
    store.isTyping(rootId) ? `${bot.username} is typing …` : "";

  function markSeen(root: Post | undefined): void {
    if (document.hidden) return;
    if (root !== undefined) store.seen(root.id);
    if (root === undefined || isWide()) store.seen("");
  }

  /** In how many places there is something new. */
  function showUnread(roots: readonly Post[]): void {
    const places = ["", ...roots.map(({ id }) => id)];
    const count = places.filter((id) => store.replies(id).unread > 0).length;
    document.title = count > 0 ? `(${count}) Playground` : "Playground";
    find(".back .count").textContent = count > 0 ? String(count) : "";
    const news = count > 0 ? `, ${count} with something new` : "";
    find(".back").setAttribute("aria-label", `Back to the direct messages${news}`);
  }

  function render(): void {
    const rootId = selectedThread();
    const root = store.post(rootId);
    const roots = store.posts("");
    document.body.classList.toggle("in-thread", root !== undefined);
    find(".bar .line").textContent = store.isConnected() ? problem : "Connecting …";
    markSeen(root);
    lobby.show(roots, ({ id, isCard }) => {
      const replies = store.replies(id);
      return isCard || replies.count > 0 ? { replies, isSelected: id === rootId } : {};
    });
    thread.show(root === undefined ? [] : store.posts(rootId), () => ({}));
    showChildren(boxPlace, root === undefined ? [] : [boxOf(rootId).node]);
    lobbyTyping.textContent = typing("");
    threadTyping.textContent = root === undefined ? "" : typing(rootId);
    find(".thread .where").textContent = root === undefined ? "" : titleOf(root);
    firstSteps.show(store.by(me.id), newestCard(store) !== undefined);
    showUnread(roots);
  }

  const renderSoon = soon(store, render, createBotStatus(api));
  store.onChange(renderSoon);
  for (const change of ["visibilitychange", "resize"] as const)
    (change === "resize" ? window : document).addEventListener(change, renderSoon);
  window.addEventListener("hashchange", ({ oldURL }) => {
    thread.reset();
    render();
    const rootId = selectedThread();
    if (rootId === "") focusCard(lobby.node, selectedThread(new URL(oldURL).hash));
    else if (isWide()) boxOf(rootId).focus();
    else find(".thread h2").focus();
  });
  find(".back").addEventListener("click", closeThread);
  listenToKeys(lobby.node, closeThread);
  document.addEventListener("click", followLink);
}

/** Many events make one rendering. Where there is room for both, the newest session is open from the beginning. */
function soon(store: ChatStore, render: () => void, botStatus: BotStatus): () => void {
  let isDue = false;
  let isFirst = true;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      if (isFirst && store.isConnected()) {
        isFirst = false;
        const newest = newestCard(store);
        if (newest !== undefined && selectedThread() === "" && isWide())
          history.replaceState(undefined, "", `#thread/${newest.id}`);
      }
      render();
      botStatus.refresh();
    });
  };
}

/** A link to a post of this Mattermost opens its thread; a click on a card does, too. */
function followLink(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest("a");
  const postId = threadOfLink(link);
  if (postId !== undefined) {
    event.preventDefault();
    openThread(postId);
    return;
  }
  if (event.target.closest("a, button, .picker") !== null || String(getSelection()) !== "") return;
  const id = event.target.closest<HTMLElement>(".card")?.dataset["id"];
  if (id !== undefined) openThread(id);
}

find(".bar").append(createThemeSwitch(), find(".me"));
start(await connectApi());
