import { button, element } from "./element.mts";
import { renderMarkdown } from "./markdown.mts";
import { reactionsOf } from "./reactions.mts";
import type { FileInfo, Post, Session } from "./wire.mts";

export interface PostActions {
  readonly session: Session;
  toggle(post: Post, emoji: string): void;
  openThread(rootId: string): void;
  download(file: FileInfo): void;
}

/** What is shown of a post beside itself. */
export interface PostExtras {
  /** A root in the channel: its replies are counted, and a click opens its thread. */
  readonly replies?: { readonly count: number; readonly unread: number };
  readonly isSelected?: boolean;
}

/** One post on the page, changed in place when the post changes. */
export interface PostView {
  readonly node: HTMLElement;
  /** `settled` runs when the text is on the page. */
  update(post: Post, extras: PostExtras, settled: () => void): void;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function createPostView(actions: PostActions): PostView {
  const head = element("div", "head");
  const body = element("div", "body");
  const foot = element("div", "foot");
  const avatar = element("span", "avatar");
  const node = element("li", "post", avatar, element("div", "content", head, body, foot));
  let shown = "";
  let text: string | undefined;

  async function show(message: string, settled: () => void): Promise<void> {
    text = message;
    const html = await renderMarkdown(message);
    if (text !== message) return; // a later edit is on its way
    body.innerHTML = html;
    settled();
  }

  return {
    node,
    update(post, extras, settled) {
      const signature = JSON.stringify([post, extras]);
      if (signature === shown) return;
      shown = signature;
      node.dataset["id"] = post.id;
      node.classList.toggle("selected", extras.isSelected === true);
      node.classList.toggle("card", extras.replies !== undefined);
      const { chips, add, picker } = reactionsOf(post, { ...actions, myId: actions.session.me.id });
      showAuthor(post, actions.session, avatar, head, add);
      const marks = [...filesOf(post, actions), ...chips, ...repliesOf(post, extras, actions)];
      foot.replaceChildren(...marks, picker);
      if (post.message !== text) void show(post.message, settled);
      else settled();
    },
  };
}

function showAuthor(
  post: Post,
  { me, bot }: Session,
  avatar: Element,
  head: Element,
  add: Element,
): void {
  const isBot = post.userId === bot.id;
  const name = isBot ? bot.username : me.username;
  avatar.className = isBot ? "avatar bot" : "avatar";
  avatar.textContent = isBot ? "🤖" : name.slice(0, 1).toUpperCase();
  head.replaceChildren(
    element("strong", "", name),
    ...(isBot ? [element("span", "tag", "BOT")] : []),
    element("time", "", clock.format(post.createAt)),
    ...(post.editAt > 0 ? [element("span", "edited", "Edited")] : []),
    add,
  );
}

const filesOf = ({ files }: Post, { download }: PostActions): HTMLElement[] =>
  files.map((file) =>
    button("file", `Download ${file.name}`, () => download(file), `📎 ${file.name}`),
  );

function repliesOf(
  { id }: Post,
  { replies }: PostExtras,
  { openThread }: PostActions,
): HTMLElement[] {
  if (replies === undefined) return [];
  const { count, unread } = replies;
  const counted = count === 1 ? "1 reply" : `${count} replies`;
  const label = unread > 0 ? `${unread} new` : count === 0 ? "Reply" : counted;
  const look = unread > 0 ? "replies unread" : "replies";
  return [button(look, "Open the thread", () => openThread(id), label)];
}
