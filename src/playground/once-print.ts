import { emojiSymbol } from "./page/emoji.ts";
import type { StandIn, StandInPost } from "./stand-in/stand-in.ts";

const clock = (at: number): string => new Date(at).toTimeString().slice(0, 5);

function printPost(mattermost: StandIn, post: StandInPost): string {
  const author = Object.values(mattermost.users).find(({ id }) => id === post.userId);
  const marks = [...new Set(mattermost.reactions(post.id).map(({ emoji }) => emoji))];
  const shown = marks.map((name) => emojiSymbol(name) ?? `:${name}:`).join(" ");
  const head = `${author?.username ?? "?"} ${clock(post.createAt)} ${shown}`.trimEnd();
  return `${head}\n${post.message.replace(/^(?=.)/gm, "    ")}`;
}

const section = (title: string, posts: readonly string[]): string =>
  `── ${title} ${"─".repeat(Math.max(2, 60 - title.length))}\n\n${posts.join("\n\n")}\n`;

/** The direct messages and one thread as plain text. */
export function printThread(mattermost: StandIn, rootId: string | undefined): string {
  const print = (posts: readonly StandInPost[]): string[] =>
    posts.map((post) => printPost(mattermost, post));
  const all = mattermost.posts();
  const lobby = all.filter((post) => post.rootId === "");
  const thread = all.filter((post) => post.id === rootId || post.rootId === rootId);
  const sections = [section("Direct messages", print(lobby))];
  if (rootId !== undefined) sections.push(section("Thread", print(thread)));
  return sections.join("\n");
}
