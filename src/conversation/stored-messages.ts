import type { StoredMessage } from "../models/host-event.ts";
import type { SessionId } from "../models/ids.ts";
import type { HostPort } from "../ports.ts";

const READ = 400;
/** A session with more messages than this since then is not read to its beginning. */
const MOST_READ = 25_600;

/** The newest messages of a session, oldest first, read as far back as `isEnough` wants, or as there are any. */
export async function storedMessages(
  host: Pick<HostPort, "messages">,
  sessionId: SessionId,
  isEnough: (messages: readonly StoredMessage[]) => boolean,
  firstRead = READ,
): Promise<readonly StoredMessage[]> {
  for (let limit = firstRead; ; limit *= 4) {
    const messages = await host.messages(sessionId, limit);
    if (messages.length < limit || limit >= MOST_READ || isEnough(messages)) return messages;
  }
}

export const beginsBefore =
  (atMs: number) =>
  ([oldest]: readonly StoredMessage[]): boolean =>
    oldest !== undefined && oldest.message.createdMs <= atMs;
