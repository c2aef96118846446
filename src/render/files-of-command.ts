import type { Post } from "../models/chat.ts";
import { filesNotTakenNotice } from "./notice.ts";

/** The answer to a command, and a word of the files that came with it: they are not dropped in silence. */
export function withFilesOf({ files }: Pick<Post, "files">, text: string): string {
  if (files.length === 0 || text === "") return text;
  const names = files.map(({ name }) => name);
  return `${text}\n${filesNotTakenNotice("a command", names)}`;
}
