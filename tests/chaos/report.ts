import { KINDS, type Result } from "./scenario.ts";

export interface Row {
  readonly name: string;
  readonly result: Result;
  readonly tookMs: number;
}

const HEADS = ["scenario", "sent", ...KINDS, "duration"];
const SHOWN_EACH = 20;

/** One line a scenario. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, result, tookMs }) => [
    name,
    String(result.sent),
    ...KINDS.map((kind) => String(result[kind].length)),
    `${(tookMs / 1000).toFixed(1)} s`,
  ]);
  const widths = HEADS.map((head, at) =>
    Math.max(head.length, ...cells.map((row) => (row[at] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  return [line(HEADS), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join(
    "\n",
  );
}

/** What was found, in words. */
export function renderFindings({ name, result }: Row): readonly string[] {
  return KINDS.flatMap((kind) => {
    const found = result[kind];
    const more = found.length > SHOWN_EACH ? [`… and ${found.length - SHOWN_EACH} more`] : [];
    return [...found.slice(0, SHOWN_EACH), ...more].map((words) => `${name}: ${kind}: ${words}`);
  });
}
