import { withoutAlways } from "./always.ts";

/**
 * The post of a request whose OpenCode is gone, made of what that left: nobody has the request itself any more. `undefined` where
 * the post does not wait for an answer.
 */
export function goneRequest(message: string): string | undefined {
  const [first = "", ...rest] = message.split("\n");
  const asked = askedIn(first);
  if (asked === undefined) return undefined;
  const isPermission = first.startsWith("✋");
  const said = rest.filter((line, at) => !isLegend(line, at, isPermission, rest.length));
  const body = isPermission ? withoutAlways(said) : said;
  return [`⚫ **No longer asked** · ${asked}`, ...body].join("\n");
}

/** What the first line of a request's post says after how it begins while it waits. */
function askedIn(line: string): string | undefined {
  if (line.startsWith("✋ ")) return after(line, " needs your OK: ", 0);
  return line.startsWith("❓ ") ? after(line, ": ", line.indexOf(" asks")) : undefined;
}

function after(line: string, words: string, from: number): string | undefined {
  const at = from < 0 ? -1 : line.indexOf(words, from);
  return at < 0 ? undefined : line.slice(at + words.length);
}

/** How to answer: below the head of a permission, at the end of a question. */
const isLegend = (line: string, at: number, isPermission: boolean, count: number): boolean =>
  isPermission
    ? at === 0 && line.startsWith("✅ once")
    : at === count - 1 && line.endsWith("dismisses");

/** An answer to a request that another process asked, and that lives: only that one can take it. */
export const askedElsewhereNotice = (): string =>
  "Not answered: another OpenCode asked this, which works on this session too. Answer it at its own screen; here it can be answered again when that OpenCode goes on with the session.";
