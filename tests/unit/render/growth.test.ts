// A model must not be able to keep OpenCode busy with a text: twice the text takes twice the time, whatever it is made of.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import { REST, USES, type Use } from "../../support/render-uses.ts";

const CHARS = 8_000;
/** Less is not told from what else the machine does. */
const MEASURABLE_MS = 2;
const MAX_GROWTH = 2.5;
const ROUNDS = 15;

const NASTY = [
  ...[
    "a",
    "ab ",
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    " \n",
    "\n\n",
    "\u00a0",
    "\u200b",
    "\u3000",
    "\u2028",
  ],
  ...[
    "`",
    "``a",
    "`![",
    "`![\n",
    "`a`",
    "![",
    "![a](u)",
    "!![",
    "![](",
    "| `![x]` | y |\n",
    "| a | b |\n",
  ],
  ...[
    "[",
    "]",
    "](",
    "[a]: u\n",
    "[a](",
    "(",
    "(@",
    "(@a) ",
    ")",
    "\\",
    "*",
    "**a",
    "_",
    "~",
    "$",
    "<",
    "<a>",
    "&",
    "&#",
  ],
  ...[
    "```\n",
    "```a`\n",
    "~~~\n",
    "    a\n",
    "- ",
    "- a\n",
    "1. ",
    "> ",
    ">",
    "# ",
    "---\n",
    "===",
  ],
  ...[
    "\u001b[",
    "\u001b]",
    "\u001b[0",
    "\u0007",
    " asks",
    ": ",
    "⟨",
    "⟨U+200B⟩",
    "://",
    "www.",
    "@",
  ],
  ...[
    "/",
    "\\\\",
    "error ",
    "context ",
    "漢",
    "e\u0301",
    "\u0301",
    "👩\u200d",
    "👩‍👩‍👧 ",
    "🇩",
    "\ud800",
  ],
] as const;

type Exported = readonly [name: string, call: (...given: readonly unknown[]) => unknown];

/** What is called so takes texts, lists of them, or objects with them. */
const isCallable = (value: unknown): value is Exported[1] => typeof value === "function";

async function exportedFunctions(): Promise<readonly Exported[]> {
  const root = join(import.meta.dir, "../../../src/render");
  const all: Exported[] = [];
  for (const file of new Glob("**/*.ts").scanSync(root)) {
    const exported: Record<string, unknown> = await import(join(root, file));
    for (const [name, value] of Object.entries(exported)) {
      if (isCallable(value) && value.length > 0) {
        all.push([`${file.slice(0, -3)}/${name}`, value]);
      }
    }
  }
  return all;
}

const object = (given: string): object => new Proxy({}, { get: () => given });
const SHAPES: readonly ((given: string) => unknown)[] = [
  (given) => given,
  (given) => [given, given],
  object,
  (given) => [object(given), object(given)],
];

/** Each way to call it with the text, a list of it or an object of it in its places that it understands. */
function simpleUses(call: Exported[1]): readonly Use[] {
  const ways = Array.from({ length: call.length }).reduce<readonly Use[][]>(
    (known) => known.flatMap((args) => SHAPES.map((shape) => [...args, shape])),
    [[]],
  );
  return ways
    .map(
      (args): Use =>
        (given) =>
          call(...args.map((arg) => arg(given))),
    )
    .filter((use) => {
      try {
        use("ab");
        return true;
      } catch {
        return false;
      }
    });
}

const FUNCTIONS = await exportedFunctions();
const tried = FUNCTIONS.filter(([name]) => !REST.includes(name)).map(
  ([name, call]) => [name, USES[name] ? [USES[name]] : simpleUses(call)] as const,
);

/** A function that fails here belongs into `USES` with a text in each place that takes one; one that takes none, into `REST`. */
test("every function of render/ that takes something is tried, or named as one that takes no text by itself", () => {
  expect(tried.filter(([, uses]) => uses.length === 0).map(([name]) => name)).toEqual([]);
  const names = FUNCTIONS.map(([name]) => name);
  expect([...Object.keys(USES), ...REST].filter((name) => !names.includes(name))).toEqual([]);
});

/** What this process has worked, in milliseconds, however busy the machine is. */
function workOf(use: Use, given: string): number {
  const before = process.cpuUsage();
  use(given);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

let texts = 0;
/** None is like another one: what is remembered of a text that went before does not count. */
const anew = (text: string): string => `${++texts}\n\n${text}`;

/** How many times longer the double of a text takes: of the shortest of several runs each, and only where that can be measured. */
function growthAt(chars: number, use: Use, piece: string): number {
  const small = piece.repeat(Math.ceil(chars / piece.length));
  const large = small + small;
  let [smallMs, largeMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    largeMs = Math.min(largeMs, workOf(use, anew(large)));
    if (largeMs < MEASURABLE_MS) return 1;
    smallMs = Math.min(smallMs, workOf(use, anew(small)));
    if (round > 0 && largeMs <= smallMs * MAX_GROWTH) return largeMs / smallMs;
  }
  return largeMs / smallMs;
}

/** What grows too fast does so the more the longer the text is; what only seemed to, at a few milliseconds, does not. */
function growthOf(use: Use, piece: string): number {
  const growth = growthAt(CHARS, use, piece);
  return growth > MAX_GROWTH ? Math.min(growth, growthAt(CHARS * 4, use, piece)) : growth;
}

describe("twice the text takes twice the time", () => {
  test.each(tried)("%s", (_name, uses) => {
    const tooLong = uses
      .flatMap((use) => NASTY.map((piece) => [piece, growthOf(use, piece)] as const))
      .filter(([, growth]) => growth > MAX_GROWTH);
    expect(tooLong).toEqual([]);
  });
});
