/** A piece of a text, from `start` up to but not including `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Takes secrets out of whatever leaves this process. A secret is known whole, and by every piece of it of eight characters or more:
 * so one that arrives in pieces, is cut by a limit or goes on in the next post does not show either. It is also known where
 * backslashes, JSON, URL or HTML encoding stand within it, or characters that show nothing. What is encoded as a whole (base64, hex)
 * is not recognised.
 */
export interface Redactor {
  /** The same text where there is nothing to take out. */
  text(text: string): string;
  /** A copy of plain data with every string in it cleared, the names of members too. */
  data(value: unknown): unknown;
  /** Where the text holds a secret as it is, without looking through encodings. */
  find(text: string): readonly Span[];
}

/** Shorter than the shortest piece that it replaces, so that no text grows over a limit; and nothing that Markdown knows. */
export const REDACTED = "…";

/** A shorter secret could not be told from a word, and is left alone; Mattermost's tokens have 26 characters. */
const LEAST_CHARS = 8;

export function createRedactor(secrets: readonly (string | undefined)[]): Redactor {
  const known = secrets.flatMap((secret) => secret?.trim() ?? []);
  const plain = piecesOf(known);
  const decoded = piecesOf(known.map((secret) => decode(secret).text));

  // Without a backtick in it, what is code would not be any more.
  const lost = known.some((secret) => secret.includes("`")) ? /[\s\S]/g : /[^`]/g;

  const find = (text: string): readonly Span[] => spansOf(text, plain);

  function clear(text: string): string {
    const spans = find(text);
    if (plain.size === 0 || !mayBeHidden(text)) return replace(text, spans, lost);
    const { text: read, startAt, endAt } = decode(text);
    const readSpans = spansOf(read, decoded).map(({ start, end }) => ({
      start: startAt[start] ?? 0,
      end: endAt[end - 1] ?? text.length,
    }));
    return replace(text, merged([...spans, ...readSpans]), lost);
  }

  const mayBeHidden = (text: string): boolean =>
    ENCODED.test(text) || spansOf(text.replace(BETWEEN, ""), decoded).length > 0;

  function data(value: unknown): unknown {
    if (typeof value === "string") return clear(value);
    if (Array.isArray(value)) return value.map(data);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, at]) => [clear(name), data(at)]));
  }

  return { text: clear, data, find };
}

function piecesOf(secrets: readonly string[]): ReadonlySet<string> {
  const pieces = new Set<string>();
  for (const secret of secrets) {
    for (let at = 0; at + LEAST_CHARS <= secret.length; at++) {
      pieces.add(secret.slice(at, at + LEAST_CHARS));
    }
  }
  return pieces;
}

function spansOf(text: string, pieces: ReadonlySet<string>): readonly Span[] {
  const spans: Span[] = [];
  for (const piece of pieces) {
    for (let start = text.indexOf(piece); start !== -1; start = text.indexOf(piece, start + 1)) {
      spans.push({ start, end: start + LEAST_CHARS });
    }
  }
  return merged(spans);
}

/** In order, and those that overlap or touch as one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const apart: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else apart.push({ start, end });
  }
  return apart;
}

/** Of what stands within a span all is lost that `lost` says. */
function replace(text: string, spans: readonly Span[], lost: RegExp): string {
  if (spans.length === 0) return text;
  const parts = spans.map(({ start, end }, at) => {
    const kept = text.slice(start, end).replace(lost, "");
    return `${text.slice(spans[at - 1]?.end ?? 0, start)}${REDACTED}${kept}`;
  });
  return parts.join("") + text.slice(spans.at(-1)?.end ?? 0);
}

/** Escapes of Markdown, shells and JSON, of URLs and HTML; and what shows nothing, or a code that stands for it. */
const ENCODING =
  /(?!\t|\n|\r)\p{Cc}(?:\[[\d;]*m)?|⟨(?:\d+ × )?U\+[\dA-F]{4,6}⟩|\\u([\da-f]{4})|\\x([\da-f]{2})|%([\da-f]{2})|&#x([\da-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos);|\\(.)|[*`~]|\p{Default_Ignorable_Code_Point}/giu;
const ENCODED = /[\\%&⟨]|\p{Default_Ignorable_Code_Point}/u;
/** What stands in nearly every text, and is looked through only where something shows without it. */
const BETWEEN = /(?!\t|\n|\r)\p{Cc}(?:\[[\d;]*m)?|[*`~]/gu;
/** Not seen in Markdown, wherever it stands. */
const MARKUP = /[*`~]/g;
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

interface Decoded {
  readonly text: string;
  /** For each place in the decoded text where its character begins and ends in the encoded one. */
  readonly startAt: readonly number[];
  readonly endAt: readonly number[];
}

function decode(encoded: string): Decoded {
  const parts: string[] = [];
  const startAt: number[] = [];
  const endAt: number[] = [];
  const keep = (part: string, from: number): void => {
    parts.push(part);
    for (let at = from; at < from + part.length; at++) {
      startAt.push(at);
      endAt.push(at + 1);
    }
  };
  const keepCoded = (part: string, from: number, to: number): void => {
    parts.push(part);
    for (const _ of part.split("")) {
      startAt.push(from);
      endAt.push(to);
    }
  };
  let read = 0;
  for (const match of encoded.matchAll(ENCODING)) {
    keep(encoded.slice(read, match.index), read);
    const end = match.index + match[0].length;
    keepCoded(meaningOf(match).replace(MARKUP, ""), match.index, end);
    read = end;
  }
  keep(encoded.slice(read), read);
  return { text: parts.join(""), startAt, endAt };
}

function meaningOf(match: RegExpExecArray): string {
  const [, json, shell, url, htmlHex, htmlDecimal, name, escaped] = match;
  const hex = json ?? shell ?? url ?? htmlHex;
  if (hex !== undefined) return charOf(Number.parseInt(hex, 16));
  if (htmlDecimal !== undefined) return charOf(Number(htmlDecimal));
  return name === undefined ? (escaped ?? "") : (NAMED[name.toLowerCase()] ?? "");
}

const charOf = (code: number): string => (code > 0x10_ffff ? "" : String.fromCodePoint(code));
