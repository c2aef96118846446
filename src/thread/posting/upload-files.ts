import { isRefusal } from "../../errors.ts";
import type { DesiredPost } from "../../models/desired-post.ts";
import type { ChannelId, FileId } from "../../models/ids.ts";
import type { ChatPort, Logger } from "../../ports.ts";

/** Uploads the files of a post. Where the server takes none, those that it took; rejects where it does not answer. */
export async function uploadFiles(
  deps: { readonly chat: ChatPort; readonly logger: Logger; readonly channelId: ChannelId },
  files: NonNullable<DesiredPost["files"]>,
): Promise<readonly FileId[]> {
  const { chat, logger, channelId } = deps;
  const fileIds: FileId[] = [];
  try {
    for (const { name, text } of files) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      fileIds.push(await chat.upload(channelId, name, bytes));
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    logger.warn(`Mattermost takes no file: ${error.message}`);
  }
  return fileIds;
}
