import { StoreError } from "../errors.ts";

const OURS = "Make sure that the file and its folder belong to you and can be written.";
const IN_THE_WAY = "Something else is in its place: move that away.";

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space.",
  EDQUOT: "Your disk quota is used up: free some space.",
  EACCES: OURS,
  EPERM: OURS,
  EROFS: "The disk is mounted read-only: make it writable, or point the folder somewhere else.",
  ENOTDIR: IN_THE_WAY,
  EISDIR: IN_THE_WAY,
  EEXIST: IN_THE_WAY,
  ELOOP: "It is a symbolic link to itself: remove the link.",
  EMFILE: "Too many files are open: restart OpenCode.",
  ENFILE: "Too many files are open: close some programs.",
};

/** The system's name for what went wrong, such as `ENOSPC`; empty where there is none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

export const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";

/** There is not even a folder for it. */
export const isNowhere = (error: unknown): boolean =>
  isMissing(error) || codeOf(error) === "ENOTDIR";

/** A failure of the disk as an error that says what to do. `what` is a sentence without its full stop. */
export function ioFailure(what: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = codeOf(cause);
  const advice = ADVICE[code] ?? "Check the disk and the folder.";
  return new StoreError(`${what} (${code || "unknown error"}). ${advice}`, { kind: "io", cause });
}
