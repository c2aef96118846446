import type { ServerLimits, User } from "./chat.ts";
import type { ChannelId } from "./ids.ts";

/** Who the bot is, who may use it, and where they meet. */
export interface Identity {
  readonly me: User;
  readonly owner: User;
  readonly channelId: ChannelId;
  readonly limits: ServerLimits;
}
