import { messageOf } from "../errors.ts";
import type { Identity } from "../models/identity.ts";
import type { ThreadPlace } from "../models/thread-place.ts";
import type { ChatPort, Clock, Logger } from "../ports.ts";
import { safeMarkdown } from "../render/markdown/safe-markdown.ts";
import { createPostWriter } from "./posting/post-writer.ts";

/** A tool call waits for Mattermost no longer than this. */
const SEND_WITHIN_MS = 60_000;

export interface OutboundFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly comment: string;
}

/** Posts a file in a thread, once. Resolves with what to tell the model. */
export async function sendFile(
  deps: {
    readonly chat: ChatPort;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly identity: Identity;
    readonly place: ThreadPlace;
  },
  { name, bytes, comment }: OutboundFile,
): Promise<string> {
  const { chat, clock, logger, identity, place } = deps;
  const writer = createPostWriter({ chat, clock, logger, me: identity.me.id });
  const cancel = clock.schedule(SEND_WITHIN_MS, () => writer.stop());
  try {
    const fileId = await chat.upload(place.channelId, name, bytes);
    const result = await writer.write({
      channelId: place.channelId,
      rootId: place.rootPostId,
      mark: {
        key: `file/${crypto.randomUUID()}`,
        session_id: place.sessionId,
        machine_id: place.machineId,
      },
      message: safeMarkdown(comment),
      urgency: "interactive",
      fileIds: [fileId],
    });
    if (result.kind === "written") return `Sent ${name} to the user.`;
    if (result.kind === "gone") return `Not sent: ${messageOf(result.error)}.`;
    return `It is not known whether ${name} was sent: Mattermost does not answer. Ask the user before you send it again.`;
  } catch (error) {
    return `Not sent: ${messageOf(error)}.`;
  } finally {
    cancel();
  }
}
