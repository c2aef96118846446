import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finding, found } from "../findings/finding.ts";

const RECENT_MS = 24 * 3_600_000;

interface Entry {
  readonly atMs: number;
  readonly level: string;
  readonly message: string;
}

/** OpenCode 1's own log, where the bridge's lines name Mattermost, and the bridge's log beside OpenCode 2. */
const FORMATS: readonly { readonly line: RegExp; readonly isOurs: (message: string) => boolean }[] =
  [
    {
      line: /^timestamp=(\S+) level=(\w+) .*?\bmessage=("(?:[^"\\]|\\.)*"|\S+)/,
      isOurs: (message) => /mattermost/i.test(message),
    },
    { line: /^(\d{4}-\S+Z) (\w+) (.*)$/, isOurs: () => true },
  ];

/** What the bridge has warned of in the last day. */
export function checkRecentErrors(
  logs: { readonly openCode: string; readonly own: string },
  nowMs: number,
): Finding {
  const files = [...filesIn(logs.openCode), logs.own].filter(existsSync);
  const entries = files.flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line) => entryOf(line) ?? [])
      .filter(({ atMs }) => nowMs - atMs < RECENT_MS)
      .map((entry) => ({ ...entry, path })),
  );
  const errors = entries.filter(({ level }) => level === "ERROR");
  if (errors.length > 0) return lastOf("errors.some", errors);
  const warnings = entries.filter(({ level }) => level === "WARN");
  return warnings.length > 0 ? lastOf("errors.warned", warnings) : found("errors.none");
}

function lastOf(
  says: "errors.some" | "errors.warned",
  entries: readonly (Entry & { readonly path: string })[],
): Finding {
  const last = entries.reduce((newest, entry) => (entry.atMs >= newest.atMs ? entry : newest));
  const when = new Date(last.atMs).toISOString().slice(0, 16).replace("T", " ");
  return found(says, { count: entries.length, when, message: last.message, path: last.path });
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .map((name) => join(folder, name));
}

function entryOf(line: string): Entry | undefined {
  for (const { line: pattern, isOurs } of FORMATS) {
    const [, time = "", level = "", raw = ""] = pattern.exec(line) ?? [];
    const message = unquoted(raw);
    const atMs = Date.parse(time);
    if (Number.isNaN(atMs) || !isOurs(message)) continue;
    return { atMs, level: level.toUpperCase(), message };
  }
  return undefined;
}

/** As it is where it is torn. */
function unquoted(raw: string): string {
  if (!/^".*"$/.test(raw)) return raw;
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw;
  }
}
