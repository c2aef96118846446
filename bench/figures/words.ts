import { newSession, startWorld, type World } from "../../tests/support/world.ts";
import type { Curve, Figure, Result } from "../figure.ts";
import { openViewer, type Viewer } from "../viewer.ts";

const WORDS = 60;
const WORD_EVERY_MS = 50;
const THREADS = [1, 10, 50, 100];
const TURNS_OF_ONE = 5;

interface Measured {
  readonly delays: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly calls: number;
  readonly bytes: number;
  readonly edits: number;
  readonly seconds: number;
  readonly turns: number;
}

/** From a word of the model to the owner's screen, with answers of three seconds in so many threads at once. */
export async function words(): Promise<Result> {
  const figures: Figure[] = [];
  const typical: [number, number][] = [];
  const slowest: [number, number][] = [];
  for (const threads of THREADS) {
    const measured = await answersIn(threads);
    const { delays, first, last } = measured;
    const where = threads === 1 ? "in 1 thread" : `in ${threads} threads at once`;
    const sorted = [...delays].sort((a, b) => a - b);
    typical.push([threads, sorted[Math.floor(sorted.length / 2)] ?? 0]);
    slowest.push([threads, sorted[Math.floor(sorted.length * 0.95)] ?? 0]);
    figures.push(
      { name: `first word → visible, ${where}`, unit: "ms", samples: first },
      ...anyWord(threads, where, delays),
      {
        name: `last word → visible, ${where}`,
        unit: "ms",
        samples: last,
        ...(threads === 1 && { goal: { of: "median", atMost: 100 } }),
      },
      ...(threads === 1 ? costs(measured) : []),
    );
  }
  const curve: Curve = {
    title: "A word of the model → the owner's screen",
    x: "threads that answer at once",
    y: "ms",
    lines: [
      { name: "median", points: typical },
      { name: "p95", points: slowest },
    ],
  };
  return { figures, curves: [curve] };
}

function anyWord(threads: number, where: string, samples: readonly number[]): readonly Figure[] {
  const name = `any word → visible, ${where}`;
  if (threads === 1) {
    return [
      { name, unit: "ms", samples, goal: { of: "median", atMost: 150 } },
      { name: `${name}, the slowest`, unit: "ms", samples, goal: { of: "p95", atMost: 300 } },
    ];
  }
  const goal = threads === 50 ? ({ of: "p95", atMost: 3_000 } as const) : undefined;
  return [{ name, unit: "ms", samples, ...(goal && { goal }) }];
}

/** What one answer of three seconds costs Mattermost. */
function costs({ calls, bytes, edits, seconds, turns }: Measured): readonly Figure[] {
  return [
    { name: "REST calls of one answer", unit: "calls", samples: [calls / turns] },
    {
      name: "REST calls a second of one answer, four for its beginning and end left out",
      unit: "calls",
      samples: [(calls / turns - 4) / seconds],
      goal: { of: "median", atMost: 4.5 },
    },
    { name: "edits of one answer", unit: "calls", samples: [edits / turns] },
    { name: "text sent for one answer, beside its own length", unit: "×", samples: [bytes] },
  ];
}

async function answersIn(threads: number): Promise<Measured> {
  const world = await startWorld();
  const viewer = await openViewer(world.mattermost, /\bw\d+-\d+-\d+\b/g);
  try {
    const opencode = await world.opencode();
    const client = opencode.client(await opencode.newDirectory("words"));
    const roots: string[] = [];
    for (let at = 0; at < threads; at++) {
      roots.push((await world.rootOf(await newSession(client))).id);
    }
    const spoken = new Map<string, number>();
    const turns = threads === 1 ? TURNS_OF_ONE : 1;
    let before = 0;
    for (let turn = 0; turn <= turns; turn++) {
      // The first one warms up.
      if (turn === 1) {
        spoken.clear();
        before = Date.now();
      }
      await Promise.all(roots.map((root, at) => answer(world, viewer, spoken, { root, at, turn })));
    }
    return summed(world, viewer, spoken, { before, threads, turns });
  } finally {
    viewer.stop();
    await world.stop();
  }
}

/** Lets the model say one word after the other, and notes when each was said. */
async function answer(
  world: World,
  viewer: Viewer,
  spoken: Map<string, number>,
  { root, at, turn }: { readonly root: string; readonly at: number; readonly turn: number },
): Promise<void> {
  const said = Array.from({ length: WORDS }, (_, word) => `w${at}-${turn}-${word}`);
  const asked = `speak ${at} ${turn}.`;
  world.model.on(asked, [said.flatMap((word) => [{ gate: word }, { text: `${word} ` }])]);
  await world.say(root, asked);
  for (const word of said) {
    await world.model.until(`${word} to be next`, () => world.model.held().includes(word), 60_000);
    spoken.set(word, performance.now());
    world.model.release(word);
    await Bun.sleep(WORD_EVERY_MS);
  }
  await world.mattermost.until(
    "all of it to be seen",
    () => said.every((word) => viewer.seenAt(word) !== undefined),
    60_000,
  );
  await world.becomes(root, /^🟢/);
}

function summed(
  { mattermost }: World,
  viewer: Viewer,
  spoken: ReadonlyMap<string, number>,
  { before, threads, turns }: { before: number; threads: number; turns: number },
): Measured {
  const delayOf = (word: string): number =>
    (viewer.seenAt(word) ?? Number.POSITIVE_INFINITY) - (spoken.get(word) ?? 0);
  const all = [...spoken.keys()];
  const requests = mattermost
    .requests()
    .filter(({ user, at }) => user === "opencode" && at >= before);
  const edits = requests.filter(({ method }) => method === "PUT");
  const sent = requests.reduce((sum, { body }) => sum + JSON.stringify(body ?? "").length, 0);
  const text = all.reduce((sum, word) => sum + word.length + 1, 0);
  return {
    delays: all.map(delayOf),
    first: all.filter((word) => word.endsWith("-0")).map(delayOf),
    last: all.filter((word) => word.endsWith(`-${WORDS - 1}`)).map(delayOf),
    calls: requests.length / threads,
    edits: edits.length / threads,
    bytes: sent / text,
    seconds: (WORDS * WORD_EVERY_MS) / 1000,
    turns,
  };
}
