import { type ChatError, isRefusal, messageOf } from "../../errors.ts";
import type { User } from "../../models/chat.ts";
import { asUserId, type ChannelId } from "../../models/ids.ts";
import type { ChatPort } from "../../ports.ts";
import { type Finding, found } from "../findings/finding.ts";

export type OwnerAnswer =
  | { readonly kind: "reachable"; readonly channelId: ChannelId; readonly finding: Finding }
  | { readonly kind: "problem"; readonly finding: Finding };

const USER_ID = /^[a-z0-9]{26}$/;

/** Whether that is a person whom the bot may write to. */
export async function checkOwner(chat: ChatPort, me: User, given: string): Promise<OwnerAnswer> {
  const problem = (finding: Finding): OwnerAnswer => ({ kind: "problem", finding });
  const name = given.trim().replace(/^@/, "");
  if (name === "") return problem(found("owner.none"));
  try {
    const user = await (USER_ID.test(name)
      ? chat.user(asUserId(name))
      : chat.userByName(name.toLowerCase()));
    if (user === undefined) return problem(found("owner.unknown", { owner: name }));
    const owner = user.username;
    if (user.isBot || user.id === me.id) return problem(found("owner.bot", { owner }));
    if (user.deactivated) return problem(found("owner.deactivated", { owner }));
    return await openChannel(chat, me, user);
  } catch (error) {
    return problem(found("owner.no-answer", { reason: messageOf(error) }));
  }
}

async function openChannel(chat: ChatPort, me: User, owner: User): Promise<OwnerAnswer> {
  try {
    const channelId = await chat.directChannel(me.id, owner.id);
    const finding = found("owner.ok", { owner: owner.username });
    return { kind: "reachable", channelId, finding };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const facts = { owner: owner.username, reason: saidBy(error) };
    return { kind: "problem", finding: found("owner.no-dm", facts) };
  }
}

/** The server's own words. */
const saidBy = ({ message }: ChatError): string =>
  message.replace(/^.*? was answered \d+: /, "").replace(/\.$/, "");
