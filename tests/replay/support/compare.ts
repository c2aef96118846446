import type { Ids } from "./ids.ts";

/** A key whose value is not compared, where, and why not. */
export interface Ignored {
  /** Matched against the path of the value, such as `frame.data.thread.reply_count`. */
  readonly path: RegExp;
  /** Lines of the recording, first and last, for which this holds; all of them without it. */
  readonly lines?: readonly [number, number];
  readonly why: string;
}

export interface Comparison {
  readonly ids: Ids;
  readonly ignored: readonly Ignored[];
  readonly line: number;
  /** The recorded value is only the beginning of the answer: it may lack keys and elements. */
  readonly partial: boolean;
  readonly differences: string[];
  /** What each exception has met: apart, so that nothing else is held to it. */
  readonly apart: Map<Ignored, Ids>;
  /** Called when an exception was needed, so that those that never are can be found. */
  readonly used: (ignored: Ignored) => void;
}

/** Compares a live value with the recorded one, and notes every difference. */
export function compare(on: Comparison, path: string, recorded: unknown, live: unknown): void {
  const exception = on.ignored.find(
    ({ path: pattern, lines }) =>
      pattern.test(path) && (lines === undefined || (lines[0] <= on.line && on.line <= lines[1])),
  );
  if (exception === undefined) {
    compareValues(on, path, recorded, live);
    return;
  }
  const differences: string[] = [];
  const ids = on.apart.get(exception) ?? on.ids.copy();
  on.apart.set(exception, ids);
  compareValues({ ...on, differences, ignored: [], ids }, path, recorded, live);
  if (differences.length > 0) on.used(exception);
}

function compareValues(on: Comparison, path: string, recorded: unknown, live: unknown): void {
  if (typeof recorded === "string" && typeof live === "string") {
    compareText(on, path, recorded, live);
  } else if (Array.isArray(recorded) && Array.isArray(live)) {
    compareLists(on, path, recorded, live);
  } else if (isObject(recorded) && isObject(live)) {
    compareObjects(on, path, recorded, live);
  } else if (isTime(path) && typeof recorded === "number" && typeof live === "number") {
    if (!on.ids.matchTime(recorded, live)) note(on, path, recorded, live);
  } else if (!Object.is(recorded, live)) {
    note(on, path, recorded, live);
  }
}

function compareText(on: Comparison, path: string, recorded: string, live: string): void {
  const structured = /^[[{]/.test(recorded) && /^[[{]/.test(live);
  if (structured && isJson(recorded) && isJson(live)) {
    compare(on, path, JSON.parse(recorded), JSON.parse(live));
  } else if (!on.ids.match(plain(recorded), plain(live))) {
    note(on, path, recorded, live);
  }
}

/** Without what differs from one installation, or one build, to the next. */
function plain(text: string): string {
  return text.replace(/\.\.[0-9a-f]{32}\./, "..HASH.").replace(/127\.0\.0\.1:\d+/, "HOST");
}

function compareLists(
  on: Comparison,
  path: string,
  recorded: readonly unknown[],
  live: readonly unknown[],
): void {
  if (!on.partial && recorded.length !== live.length) {
    note(on, `${path}.length`, recorded.length, live.length);
  }
  for (const [at, value] of recorded.entries()) compare(on, `${path}.${at}`, value, live[at]);
}

type Json = Readonly<Record<string, unknown>>;

function compareObjects(on: Comparison, path: string, recorded: Json, live: Json): void {
  const liveKeys = new Map(Object.keys(live).map((key) => [on.ids.recorded(key) ?? key, key]));
  for (const [key, value] of Object.entries(recorded)) {
    const liveKey = liveKeys.get(key);
    if (liveKey === undefined) compare(on, `${path}.${key}`, value, missing);
    else compare(on, `${path}.${key}`, value, live[liveKey]);
  }
  for (const [key, liveKey] of liveKeys) {
    if (on.partial || key in recorded) continue;
    compare(on, `${path}.${key}`, missing, live[liveKey]);
  }
  for (const [one, other] of relatedTimes) {
    const before = recorded[one];
    if (typeof before !== "number" || !(other in recorded)) continue;
    const same = before === recorded[other];
    if (same !== (live[one] === live[other])) {
      note(on, `${path}.${one} equals ${other}`, same, !same);
    }
  }
}

const missing = Symbol("missing");

/** Whether two times are the same moment says what happened; when it was does not. */
const relatedTimes = [
  ["create_at", "update_at"],
  ["update_at", "edit_at"],
  ["update_at", "delete_at"],
] as const;

function isTime(path: string): boolean {
  return /(_at|server_time|last_password_update)$/.test(path);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function note(on: Comparison, path: string, recorded: unknown, live: unknown): void {
  const show = (value: unknown) =>
    value === missing ? "absent" : (JSON.stringify(value)?.slice(0, 300) ?? "undefined");
  on.differences.push(
    `line ${on.line + 1}, ${path}: recorded ${show(recorded)}, here ${show(live)}`,
  );
}
