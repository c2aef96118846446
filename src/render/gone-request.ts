/** How the first line of a request's post begins while it waits, up to what is asked. */
const OPEN = /^(?:✋ .*? needs your OK: |❓ .*? asks[^:]*: )/u;

/**
 * The post of a request whose OpenCode is gone, made of what that left: nobody has the request itself any more. `undefined` where
 * the post does not wait for an answer.
 */
export function goneRequest(message: string): string | undefined {
  const [open] = OPEN.exec(message) ?? [];
  if (open === undefined) return undefined;
  const [asked = "", ...rest] = message.slice(open.length).split("\n");
  const isPermission = message.startsWith("✋");
  const body = rest.filter((line, at) => !isLegend(line, at, isPermission, rest.length));
  return [`⚫ **No longer asked** · ${asked}`, ...body].join("\n");
}

/** How to answer: below the head of a permission, at the end of a question. */
const isLegend = (line: string, at: number, isPermission: boolean, count: number): boolean =>
  isPermission
    ? at === 0 && line.startsWith("✅ once")
    : at === count - 1 && line.endsWith("dismisses");
