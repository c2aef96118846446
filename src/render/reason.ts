import { plainOutput } from "./markdown/plain-output.ts";

const PAGE = /<(?:!doctype|html|head|body)\b[\s\S]*/i;
/** What a page says of itself, the best first. */
const HEADINGS = [/<title[^>]*>([\s\S]*?)<\/title>/i, /<h1[^>]*>([\s\S]*?)<\/h1>/i];
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** More is not looked at: what went wrong is said at the beginning. */
const MAX_CHARS = 4_000;

/** What a program says went wrong, without its colours; of a web page the title, because a proxy answers with those. */
export function reasonOf(message: string): string {
  const plain = plainOutput(message).slice(0, MAX_CHARS);
  const [page] = PAGE.exec(plain) ?? [];
  if (page === undefined) return plain;
  const before = plain
    .slice(0, plain.length - page.length)
    .trim()
    .replace(/:$/, "");
  return [before, titleOf(page)].filter(Boolean).join(": ") || "a web page instead of an answer";
}

function titleOf(page: string): string {
  const found = HEADINGS.map((pattern) => pattern.exec(page)?.[1] ?? "").find((text) =>
    text.trim(),
  );
  return withoutMarkup(found ?? page.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ""));
}

const withoutMarkup = (html: string): string =>
  html
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:#(\d+)|(\w+));/g, (all, code: string | undefined, name: string | undefined) =>
      code ? String.fromCodePoint(Number(code)) : (ENTITIES[name ?? ""] ?? all),
    )
    .replace(/\s+/g, " ")
    .trim();
