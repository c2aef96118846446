import { z } from "zod";

const rest = z.strictObject({
  ms: z.number(),
  rest: z.strictObject({
    as: z.enum(["bot", "alice", "bad", "none"]),
    method: z.string(),
    path: z.string(),
    body: z.unknown().optional(),
  }),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  response: z.unknown(),
});

const socket = { ms: z.number(), ws: z.enum(["bot", "alice", "bad"]) };
const frame = z.record(z.string(), z.unknown());

const entry = z.union([
  z.strictObject({ ms: z.number(), note: z.string() }),
  rest,
  z.strictObject({ ...socket, dir: z.literal("c2s"), frame }),
  z.strictObject({ ...socket, dir: z.literal("s2c"), frame }),
  z.strictObject({
    ...socket,
    dir: z.literal("open"),
    query: z.string(),
    authorization: z.string().optional(),
  }),
  z.strictObject({ ...socket, dir: z.literal("close"), code: z.number(), reason: z.string() }),
]);

/** One line of a recording, and its number in the file, from 0 on. */
export type Entry = z.infer<typeof entry> & { readonly line: number };
export type SocketEntry = Extract<Entry, { readonly dir: string }>;
export type RestEntry = z.infer<typeof rest> & { readonly line: number };
export type Actor = "bot" | "alice" | "bad" | "none";

/** Reads a recording, masked runs of x written out again. */
export async function readTranscript(version: "9.9" | "5.37"): Promise<readonly Entry[]> {
  const path = new URL(`../../fixtures/mattermost/${version}.jsonl`, import.meta.url);
  const text = await Bun.file(path).text();
  return text
    .trimEnd()
    .split("\n")
    .map((line, number) => {
      const whole = line.replace(/x\{(\d+)\}/g, (_run, count) => "x".repeat(Number(count)));
      return { ...entry.parse(JSON.parse(whole)), line: number };
    });
}

/** A request body whose end the recording cut off: all x up to its recorded length. */
export function wholeBody(body: string): string {
  const cut = /^(.*?)…\((\d+)\)$/s.exec(body);
  if (cut === null) return body;
  const [, start = "", length] = cut;
  return `${start.padEnd(Number(length) - 2, "x")}"}`;
}

/** What is left of an answer whose end the recording cut off. */
export interface CutAnswer {
  readonly json: unknown;
}

/** Closes what the cut left open, so that the whole part can be compared; the rest is dropped. */
export function mendAnswer(response: unknown): CutAnswer | undefined {
  const cut = z.strictObject({ truncated: z.string() }).safeParse(response);
  if (!cut.success) return undefined;
  const text = cut.data.truncated;
  const closers: string[] = [];
  let mended = "null";
  // Strings are taken whole, the last one is without its end and so is none.
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    const [mark] = token;
    if (mark === "{" || mark === "[") closers.unshift(mark === "{" ? "}" : "]");
    if (mark === "}" || mark === "]") closers.shift();
    if (mark === ",") mended = text.slice(0, token.index) + closers.join("");
  }
  return { json: JSON.parse(mended) };
}
