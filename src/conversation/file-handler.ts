import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { ChatPort, FileStore, Logger, PromptFile } from "../ports.ts";
import { fileTooLargeNotice, fileUnreadableNotice } from "../render/notice.ts";
import { promptMime } from "./file-type.ts";

interface InboundFile extends PromptFile {
  readonly path: string;
}

/** What the files of a post become in a prompt. */
export interface InboundFiles {
  /** Given to the model as files: pictures, PDFs, and text, which OpenCode inlines. */
  readonly files: readonly InboundFile[];
  /** Named to the model by their paths. */
  readonly paths: readonly string[];
  /** What could not be given, each with the reason, for the person. */
  readonly problems: readonly string[];
}

/** Fetches the files of a post into the private folder. A file that cannot be had is a problem, never a failure. */
export async function receiveFiles(
  deps: {
    readonly chat: ChatPort;
    readonly files: FileStore;
    readonly logger: Logger;
    readonly maxFileBytes: number;
  },
  post: Post,
): Promise<InboundFiles> {
  const files: InboundFile[] = [];
  const paths: string[] = [];
  const problems: string[] = [];
  for (const info of post.files) {
    const { name, sizeBytes } = info;
    if (sizeBytes > deps.maxFileBytes) {
      problems.push(fileTooLargeNotice(name, sizeBytes, deps.maxFileBytes));
      continue;
    }
    try {
      const bytes = await deps.chat.download(info.id, deps.maxFileBytes);
      const { path, url } = await deps.files.save(post.id, info.id, name, bytes);
      const mime = promptMime(name, bytes);
      if (mime) files.push({ name, mime, url, path });
      else paths.push(path);
    } catch (error) {
      deps.logger.warn(`a file could not be received: ${messageOf(error)}`);
      problems.push(fileUnreadableNotice(name, messageOf(error)));
    }
  }
  return { files, paths, problems };
}
