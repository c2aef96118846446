import type { ServerLimits, User } from "./models/chat.ts";
import { asUserId, type ChannelId } from "./models/ids.ts";
import type { ChatPort } from "./ports.ts";

/** Who the bot is, who may use it, and where they meet. */
export interface Identity {
  readonly me: User;
  readonly owner: User;
  readonly channelId: ChannelId;
  readonly limits: ServerLimits;
}

/** `no-owner`: nobody may act. Each problem says what to do. */
export type IdentityResult =
  | { readonly kind: "known"; readonly identity: Identity }
  | { readonly kind: "no-owner"; readonly problem: string };

/** Asks the server. Rejects with `ChatError` where it does not answer or does not accept the token. */
export async function resolveIdentity(chat: ChatPort, ownerName: string): Promise<IdentityResult> {
  const me = await chat.me();
  const limits = await chat.limits();
  const owner = await findOwner(chat, ownerName);
  if (!owner) {
    return noOwner(
      `Mattermost has no user "${ownerName}": set MATTERMOST_OWNER (or the option "owner") to your username or user id`,
    );
  }
  if (owner.deactivated) return noOwner(`the owner ${owner.username} is deactivated in Mattermost`);
  if (owner.id === me.id || owner.isBot) {
    return noOwner(
      `the owner must be a person, but ${owner.username} is a bot: set your own username`,
    );
  }
  const channelId = await chat.directChannel(me.id, owner.id);
  return { kind: "known", identity: { me, owner, channelId, limits } };
}

const noOwner = (problem: string): IdentityResult => ({ kind: "no-owner", problem });

const USER_ID = /^[a-z0-9]{26}$/;

/** What looks like an id is one: whoever takes such a name must not become the owner. */
const findOwner = (chat: ChatPort, owner: string): Promise<User | undefined> =>
  USER_ID.test(owner) ? chat.user(asUserId(owner)) : chat.userByName(owner.toLowerCase());
