import type { Terminal } from "../../src/cli/terminal.ts";

/** Keeps what a command writes. */
export function recordingTerminal(): { readonly terminal: Terminal; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (line: string): void => void lines.push(line);
  return { terminal: { say: keep, complain: keep }, lines };
}
