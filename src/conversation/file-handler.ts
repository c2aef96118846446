import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { PromptFile } from "../models/prompt.ts";
import type { Sound } from "../models/sound.ts";
import type { ChatPort, FileStore, Logger } from "../ports.ts";
import { fileTooLargeNotice, fileUnreadableNotice } from "../render/notice.ts";
import { promptMime } from "./file-type.ts";
import { soundMime } from "./sound-type.ts";
import type { Listen } from "./voice.ts";

interface InboundFile extends PromptFile {
  readonly path: string;
}

/** What the files of a post become in a prompt. */
export interface InboundFiles {
  /** Given to the model as files: pictures, PDFs, and text, which OpenCode inlines. */
  readonly files: readonly InboundFile[];
  /** Named to the model by their paths. */
  readonly paths: readonly string[];
  /** What was said in voice messages, in words. */
  readonly heard: readonly string[];
  /** What could not be given, each with the reason, for the person. */
  readonly problems: readonly string[];
}

/** Pure. What was written and what was said, each as it is. */
export const withHeard = (message: string, { heard }: Pick<InboundFiles, "heard">): string =>
  heard.length === 0 ? message : [message, ...heard].filter((text) => text.trim()).join("\n\n");

/** Fetches the files of a post into the private folder. A file that cannot be had is a problem, never a failure. */
export async function receiveFiles(
  deps: {
    readonly chat: ChatPort;
    readonly files: FileStore;
    readonly logger: Logger;
    readonly maxFileBytes: number;
    readonly listen: Listen;
  },
  post: Post,
): Promise<InboundFiles> {
  const files: InboundFile[] = [];
  const paths: string[] = [];
  const heard: string[] = [];
  const problems: string[] = [];
  /** Beside a text it may be a file to do something with. */
  const isVoice = post.message.trim() === "";

  async function takeSound({ bytes, ...sound }: InboundFile & Sound): Promise<void> {
    const { name, mime, path } = sound;
    const result = await deps.listen({ name, mime, bytes });
    if (result.kind === "sound") files.push(sound);
    else if (!isVoice) paths.push(path);
    if (result.kind === "words") heard.push(result.text);
    else if (result.kind === "failed" || (result.kind === "deaf" && isVoice)) {
      problems.push(result.problem);
    }
  }

  for (const info of post.files) {
    const { name, sizeBytes } = info;
    if (sizeBytes > deps.maxFileBytes) {
      problems.push(fileTooLargeNotice(name, sizeBytes, deps.maxFileBytes));
      continue;
    }
    try {
      const bytes = await deps.chat.download(info.id, deps.maxFileBytes);
      const { path, url } = await deps.files.save(post.id, info.id, name, bytes);
      const soundIs = soundMime(name, info.mime, bytes);
      const mime = promptMime(name, bytes);
      if (soundIs) await takeSound({ name, mime: soundIs, url, path, bytes });
      else if (mime) files.push({ name, mime, url, path });
      else paths.push(path);
    } catch (error) {
      deps.logger.warn(`a file could not be received: ${messageOf(error)}`);
      problems.push(fileUnreadableNotice(name, messageOf(error)));
    }
  }
  return { files, paths, heard, problems };
}
