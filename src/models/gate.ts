import { type Post, type Reaction, UNREADABLE_PROPS } from "./chat.ts";
import type { ChannelId, UserId } from "./ids.ts";

/** Who may act, and where: one person, in the one channel that is theirs and the bot's. */
export interface Gate {
  readonly me: UserId;
  readonly owner: UserId;
  readonly channelId: ChannelId;
}

/** Props that a post of a person does not carry: webhooks, plugins and bots set them, and a person may forge them. */
const NOT_A_PERSON = [
  "from_webhook",
  "from_bot",
  "from_plugin",
  "from_oauth_app",
  "webhook_display_name",
  ...Object.keys(UNREADABLE_PROPS),
];

/** Posts that a person writes: as such, or by Mattermost's `/me`. */
const WRITTEN = ["", "me"];

/** Fails closed: whatever is not plainly written by the owner, in the owner's channel, is nobody's. */
export function mayPost(gate: Gate, post: Post): boolean {
  return (
    post.channelId === gate.channelId &&
    post.userId === gate.owner &&
    post.userId !== gate.me &&
    WRITTEN.includes(post.type) &&
    !post.deleted &&
    !NOT_A_PERSON.some((name) => Object.hasOwn(post.props, name))
  );
}

/** The caller has checked that the post reacted to is one of the owner's threads. */
export const mayReact = (gate: Gate, reaction: Reaction): boolean =>
  reaction.userId === gate.owner && reaction.userId !== gate.me;
