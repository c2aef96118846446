import type { StandIn } from "../../../src/playground/stand-in/stand-in.ts";
import { compareAnswer } from "./answers.ts";
import { type Comparison, compare, type Ignored } from "./compare.ts";
import { createIds } from "./ids.ts";
import { createLanes, type Frame } from "./lanes.ts";
import { askAs } from "./rest.ts";
import { findStrangers } from "./strangers.ts";
import type { Actor, Entry, RestEntry, SocketEntry } from "./transcript.ts";

/** A part of a recording, from a note to the next, whose calls were made at the same time. */
interface Burst {
  readonly note: string;
  /** Switched on for as long as it lasts. */
  readonly fault?: (standIn: StandIn) => { clear(): void };
}

export interface ReplayOptions {
  readonly standIn: StandIn;
  readonly entries: readonly Entry[];
  readonly ignored: readonly Ignored[];
  /** Compared in any order, answers and frames. */
  readonly bursts?: readonly Burst[];
  /** Changes a recorded frame before it is compared. */
  readonly amend?: (line: number, frame: Frame) => Frame;
}

export interface Outcome {
  readonly differences: readonly string[];
  /** Exceptions that nothing needed: they should go. */
  readonly unused: readonly Ignored[];
  readonly calls: number;
  readonly frames: number;
}

/** Repeats a recording against a stand-in, in order, and tells every difference. */
export async function replay(options: ReplayOptions): Promise<Outcome> {
  const run = createRun(options);
  for (const entry of options.entries) await run.step(entry);
  return run.outcome();
}

function createRun(options: ReplayOptions) {
  const { standIn, ignored } = options;
  const ids = createIds();
  const lanes = createLanes(standIn);
  const strangers = findStrangers(options.entries);
  const differences: string[] = [];
  const unused = new Set(ignored);
  const apart: Comparison["apart"] = new Map();
  const count = { calls: 0, frames: 0 };
  let burst:
    | { readonly fault: { clear(): void } | undefined; readonly calls: RestEntry[] }
    | undefined;

  const tokens: Readonly<Record<Actor, string | undefined>> = {
    bot: standIn.bot.token,
    alice: standIn.users["alice"]?.token,
    bad: "this-token-is-not-valid",
    none: undefined,
  };
  const on = (line: number): Comparison => ({
    ids,
    ignored,
    line,
    partial: false,
    apart,
    differences,
    used: (exception) => unused.delete(exception),
  });
  const ask = (entry: RestEntry) => {
    count.calls += 1;
    return askAs(standIn.url, tokens[entry.rest.as], entry, ids);
  };
  const catchUp = async () => {
    const { pairs, problems } = await lanes.catchUp(burst !== undefined);
    differences.push(...problems);
    for (const { recorded, live } of pairs) {
      const frame = options.amend?.(recorded.line, recorded.frame) ?? recorded.frame;
      compare(on(recorded.line), "frame", frame, live);
      count.frames += 1;
    }
  };

  const endBurst = async () => {
    if (burst === undefined) return;
    const { calls, fault } = burst;
    const answers = await Promise.all(
      calls.map(async (entry) => ({ body: entry.rest.body, answer: await ask(entry) })),
    );
    // Of equal calls it is not certain which one succeeds.
    const place = (body: unknown, status: number) => `${JSON.stringify(body)} ${status}`;
    const ours = answers.toSorted((a, b) =>
      place(a.body, a.answer.status).localeCompare(place(b.body, b.answer.status)),
    );
    const theirs = calls.toSorted((a, b) =>
      place(a.rest.body, a.status).localeCompare(place(b.rest.body, b.status)),
    );
    for (const [at, { answer }] of ours.entries()) {
      const entry = theirs[at];
      if (entry !== undefined) compareAnswer(on(entry.line), entry, answer);
    }
    await catchUp();
    fault?.clear();
    burst = undefined;
  };
  const section = async (note: string) => {
    await endBurst();
    const given = options.bursts?.find((each) => each.note === note);
    if (given === undefined) return;
    await catchUp();
    burst = { fault: given.fault?.(standIn), calls: [] };
  };
  const call = async (entry: RestEntry) => {
    if (burst !== undefined) {
      burst.calls.push(entry);
      return;
    }
    compareAnswer(on(entry.line), entry, await ask(entry));
    await catchUp();
  };
  const send = async (actor: Actor, frame: Frame) => {
    if (!lanes.isOpen(actor)) await lanes.open(actor, "", undefined);
    const text = ids.live(JSON.stringify(frame));
    lanes.send(actor, JSON.parse(text.replace("<token>", tokens[actor] ?? "")));
  };
  const socket = async (entry: SocketEntry) => {
    if (entry.dir === "s2c") {
      await strangers.repeat(standIn, ids, entry);
      lanes.expect(entry.ws, { line: entry.line, frame: entry.frame });
      return;
    }
    await catchUp();
    if (entry.dir === "open") {
      const token = entry.authorization === undefined ? undefined : tokens[entry.ws];
      await lanes.open(entry.ws, ids.live(entry.query), token);
    } else if (entry.dir === "c2s") {
      await send(entry.ws, entry.frame);
    } else if (entry.code === 1006) {
      compare(on(entry.line), "close.code", entry.code, await lanes.ended(entry.ws));
    } else {
      compare(on(entry.line), "not recorded", [], await lanes.close(entry.ws));
    }
  };

  return {
    step: (entry: Entry) => {
      if ("note" in entry) return section(entry.note);
      return "rest" in entry ? call(entry) : socket(entry);
    },
    outcome: (): Outcome => ({ differences, unused: [...unused], ...count }),
  };
}
