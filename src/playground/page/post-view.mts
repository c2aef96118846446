import { button, element, showChildren } from "./element.mts";
import { foldable } from "./fold.mts";
import { highlightCode } from "./highlight.mts";
import { renderMarkdown } from "./markdown.mts";
import { createReactions } from "./reactions.mts";
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
  update(post: Post, extras: PostExtras): void;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function createPostView(first: Post, actions: PostActions): PostView {
  const { me } = actions.session;
  let current = first;
  const toggle = (emoji: string): void => actions.toggle(current, emoji);
  const { add, picker, chips } = createReactions({ myId: me.id, toggle });
  const { avatar, head, edited } = authorOf(first, actions.session);
  head.append(edited, add);
  const body = element("div", "body");
  const foot = element("div", "foot");
  const content = element("div", "content", head, body, foldable(body), foot);
  const node = element("li", "post", avatar, content);
  node.dataset["id"] = first.id;
  const door = button("replies", "", () => actions.openThread(first.id));
  const files = first.files.map((file) =>
    button("file", `Download ${file.name}`, () => actions.download(file), `📎 ${file.name}`),
  );
  let shown = "";
  let text: string | undefined;

  async function show(message: string): Promise<void> {
    text = message;
    const html = await renderMarkdown(message);
    if (text !== message) return; // a later edit is on its way
    const stops = (): HTMLElement[] => [...body.querySelectorAll<HTMLElement>("a, [tabindex]")];
    const focused = stops().findIndex((stop) => stop.matches(":focus"));
    body.innerHTML = html;
    highlightCode(body);
    stops()[focused]?.focus({ preventScroll: true });
  }

  return {
    node,
    update(post, extras) {
      const signature = JSON.stringify([post, extras]);
      if (signature === shown) return;
      shown = signature;
      current = post;
      const { isSelected = false, replies } = extras;
      node.classList.toggle("selected", isSelected);
      node.classList.toggle("card", replies !== undefined);
      edited.hidden = post.editAt === 0;
      if (replies !== undefined) showReplies(door, post, replies, isSelected);
      const doors = replies === undefined ? [] : [door];
      showChildren(foot, [...files, ...chips(post), ...doors, picker]);
      if (post.message !== text) void show(post.message);
    },
  };
}

function authorOf(post: Post, { me, bot }: Session) {
  const isBot = post.userId === bot.id;
  const name = isBot ? bot.username : me.username;
  const avatar = element("span", isBot ? "avatar bot" : "avatar");
  avatar.textContent = isBot ? "🤖" : name.slice(0, 1).toUpperCase();
  avatar.setAttribute("aria-hidden", "true");
  const time = element("time", "", clock.format(post.createAt));
  time.dateTime = new Date(post.createAt).toISOString();
  const head = element(
    "div",
    "head",
    element("strong", "", name),
    ...(isBot ? [element("span", "tag", "BOT")] : []),
    time,
  );
  return { avatar, head, edited: element("span", "edited", "Edited") };
}

/** What a card is called where there is only text: its first line, without the marks of Markdown. */
export const titleOf = ({ message }: Post): string =>
  message.split("\n")[0]?.replaceAll("**", "") ?? "";

function showReplies(
  door: HTMLElement,
  post: Post,
  { count, unread }: { readonly count: number; readonly unread: number },
  isSelected: boolean,
): void {
  const counted = count === 1 ? "1 reply" : `${count} replies`;
  door.textContent = unread > 0 ? `${unread} new` : count === 0 ? "Reply" : counted;
  door.classList.toggle("unread", unread > 0);
  door.title = "Open the thread";
  door.setAttribute("aria-label", `${door.textContent}: open the thread ${titleOf(post)}`);
  if (isSelected) door.setAttribute("aria-current", "true");
  else door.removeAttribute("aria-current");
}
