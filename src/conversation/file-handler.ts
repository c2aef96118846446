import { messageOf } from "../errors.ts";
import type { FileInfo, Post } from "../models/chat.ts";
import type { ChatPort, FileStore, Logger, PromptFile } from "../ports.ts";
import { fileTooLargeNotice, fileUnreadableNotice } from "../render/notice.ts";

/** What the files of a post become in a prompt. */
export interface InboundFiles {
  /** Given to the model as files: pictures, PDFs, and text, which OpenCode inlines. */
  readonly files: readonly PromptFile[];
  /** Named to the model by their paths. */
  readonly paths: readonly string[];
  /** What could not be given, each with the reason, for the person. */
  readonly problems: readonly string[];
}

const AS_TEXT =
  /^(?:text\/|application\/(?:json|xml|x-sh|javascript|toml|yaml|x-yaml|sql|x-httpd-php)\b)|\+(?:json|xml)$/;
const TEXT_ENDING =
  /\.(?:c|cc|cpp|cs|css|csv|diff|ex|go|h|html?|ini|java|js|json|jsx|kt|log|lua|md|patch|php|pl|py|rb|rs|scala|sh|sql|svelte|swift|toml|ts|tsx|txt|vue|xml|ya?ml|zig)$/i;

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
  const files: PromptFile[] = [];
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
      const mime = promptMime(info);
      if (mime) files.push({ name, mime, url });
      else paths.push(path);
    } catch (error) {
      deps.logger.warn(`a file could not be received: ${messageOf(error)}`);
      problems.push(fileUnreadableNotice(name, messageOf(error)));
    }
  }
  return { files, paths, problems };
}

/** The type under which OpenCode gives a file to the model; `undefined` for what the model can only find by path. */
function promptMime({ mime, name }: FileInfo): string | undefined {
  const [type = ""] = mime.toLowerCase().split(";");
  if (/^image\/(?:png|jpeg|gif|webp)$/.test(type) || type === "application/pdf") return type;
  return AS_TEXT.test(type) || TEXT_ENDING.test(name) ? "text/plain" : undefined;
}
