import { withoutAlways } from "./always.ts";

/** What stands between the number of a question and what is asked. */
const ASKS = /^(?: \(\d+ of \d+\))?(?:: | · )/;

/**
 * The post of a request whose OpenCode is gone, made of what that left: nobody has the request itself any more. `undefined` where
 * the post does not wait for an answer.
 */
export function goneRequest(message: string): string | undefined {
  const [first = "", ...rest] = message.split("\n");
  const isPermission = first.startsWith("✋");
  const asked = isPermission ? behindProject(first, "needs your OK: ") : question(first);
  if (asked === undefined) return undefined;
  const said = rest.filter((line, at) => !isLegend(line, at, isPermission, rest.length));
  const body = isPermission ? withoutAlways(said) : said;
  return [`⚫ **No longer asked** · ${asked}`, ...body].join("\n");
}

function question(line: string): string | undefined {
  const asked = behindProject(line, "asks");
  return asked !== undefined && ASKS.test(asked) ? asked.replace(ASKS, "") : undefined;
}

/** The name of a project, whatever its words, holds no two asterisks in a row: they are escaped. */
function behindProject(line: string, words: string): string | undefined {
  const end = `** ${words}`;
  const at = /^[✋❓] \*\*/u.test(line) ? line.indexOf(end, 4) : -1;
  return at < 0 ? undefined : line.slice(at + end.length);
}

/** How to answer: below the head of a permission, at the end of a question. */
const isLegend = (line: string, at: number, isPermission: boolean, count: number): boolean =>
  isPermission
    ? at === 0 && line.startsWith("✅ once")
    : at === count - 1 && line.endsWith("dismisses");

/** An answer to a request that another process asked, and that lives: only that one can take it. */
export const askedElsewhereNotice = (): string =>
  "Not answered: another OpenCode asked this, which works on this session too. Answer it at its own screen; here it can be answered again when that OpenCode goes on with the session.";
