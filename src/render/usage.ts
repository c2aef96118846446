import type { FileChanges } from "../models/host-event.ts";

/** `$0.42` */
export function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? "<$0.01" : `$${usd.toFixed(2)}`;
}

/** `23 %` */
export function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}

/** `context 23 %`, in tokens where the model's limit is not known; empty while nothing is in it. */
export function contextUse(tokens: number, limit: number | undefined): string {
  if (tokens <= 0) return "";
  if (limit !== undefined && limit > 0) return `context ${percent(tokens, limit)}`;
  return tokens < 1000 ? `context ${tokens}` : `context ${Math.round(tokens / 1000)}k`;
}

/** `+12 −3`; a side without lines is left out. */
export function changedLines({ additions, deletions }: Omit<FileChanges, "files">): string {
  const sides = [additions > 0 ? `+${additions}` : "", deletions > 0 ? `−${deletions}` : ""];
  return sides.filter(Boolean).join(" ");
}

/** `3 files +24 −7`; empty where no file changed. */
export function changedFiles(changes: FileChanges): string {
  if (changes.files === 0) return "";
  return `${counted(changes.files, "file")} ${changedLines(changes)}`.trim();
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
