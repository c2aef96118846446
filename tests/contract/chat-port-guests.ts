import { ChatError } from "../../src/errors.ts";
import type { NewPost, Post, User } from "../../src/models/chat.ts";
import type { ChannelId } from "../../src/models/ids.ts";
import type { ChatPort } from "../../src/ports.ts";

/** A server, and two ways into it. Others may use it at the same time. */
export interface ChatServer {
  readonly bot: ChatPort;
  readonly person: ChatPort;
  stop(): Promise<void>;
}

/** The two on a server, and their direct channel. */
export interface Guests {
  readonly bot: ChatPort;
  readonly person: ChatPort;
  readonly me: User;
  readonly other: User;
  readonly channelId: ChannelId;
  aPost(message: string, more?: Partial<NewPost>): NewPost;
  /** The bot writes. */
  write(message: string, more?: Partial<NewPost>): Promise<Post>;
}

/** For what a real server takes its time. */
export const SLOW_MS = 60_000;
/** No user and no post has this id. */
export const NOBODY = "a".repeat(26);

export async function enter({ bot, person }: ChatServer): Promise<Guests> {
  const [me, other] = await Promise.all([bot.me(), person.me()]);
  const channelId = await bot.directChannel(me.id, other.id);
  const aPost: Guests["aPost"] = (message, more = {}) => ({
    channelId,
    message,
    props: {},
    pendingPostId: crypto.randomUUID(),
    ...more,
  });
  const write: Guests["write"] = (message, more) => bot.createPost(aPost(message, more), "normal");
  return { bot, person, me, other, channelId, aPost, write };
}

/** The error that it must end with. */
export async function failure(call: Promise<unknown>): Promise<ChatError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ChatError) return error;
  throw new Error(`a ChatError was expected, not ${String(error)}`);
}
