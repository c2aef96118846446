import { expect, test } from "bun:test";
import fc from "fast-check";
import type { DesiredPost, RenderOptions } from "../../../src/models/desired-post.ts";
import { asMessageId, asRequestId } from "../../../src/models/ids.ts";
import { countChars } from "../../../src/render/markdown/chars.ts";
import { renderTurn } from "../../../src/render/turn.ts";
import { isUnfinished } from "../../../src/render/turn-remains.ts";
import type { Outcome, ThreadState, Turn, TurnItem } from "../../../src/state/thread-state.ts";
import {
  ended,
  OPTIONS,
  running,
  SESSION,
  START_MS,
  stateOf,
  text,
  thinking,
  tool,
} from "../../support/build-state.ts";

/** One item of a turn, as it begins and as it is in the end. */
interface Growth {
  readonly early: TurnItem;
  readonly late: TurnItem;
}

const separators = fc.constantFrom(" ", " ", " ", "\n", "\n\n", "\n```ts\n", "\n- ", "\n| ", ": ");
const prose = fc.array(separators, { maxLength: 250, size: "max" });
const messages = fc.constantFrom("msg_a", "msg_b", "msg_c");

function growingText(gaps: readonly string[], item: number, message: string): Growth {
  const words = gaps.map((gap, index) => `w${item}x${index}${gap}`);
  const early = words.slice(0, Math.ceil(words.length / 2)).join("");
  const start = text(early, message, false);
  return { early: start, late: { ...text(words.join(""), message), key: start.key } };
}

function growingTool(name: string, output: string, exitCode: number, message: string): Growth {
  const input = { command: "npm test", filePath: "/home/dev/project/a.ts" };
  const early = tool(name, { state: "running", input, output }, message);
  const late = tool(name, { input, output, exitCode }, message);
  return { early, late: { ...late, key: early.key } };
}

function growingThought(ms: number, message: string): Growth {
  const early = thinking(undefined, message);
  return { early, late: { ...thinking(ms, message), key: early.key } };
}

const shapes = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), gaps: prose }),
  fc.record({
    kind: fc.constant("tool" as const),
    name: fc.constantFrom("bash", "read", "todowrite", "mystery"),
    output: fc.string({
      unit: fc.constantFrom("a ", "`", "\n", "✗"),
      maxLength: 4000,
      size: "max",
    }),
    exitCode: fc.constantFrom(0, 0, 1),
  }),
  fc.record({ kind: fc.constant("thought" as const), ms: fc.nat(9000) }),
);

const growths = fc.array(fc.tuple(shapes, messages), { maxLength: 20, size: "max" }).map((all) =>
  all
    .toSorted(([, a], [, b]) => a.localeCompare(b))
    .map(([shape, message], index) => {
      if (shape.kind === "text") return growingText(shape.gaps, index, message);
      if (shape.kind === "thought") return growingThought(shape.ms, message);
      return growingTool(shape.name, shape.output, shape.exitCode, message);
    }),
);

const outcomes = fc.constantFrom<Outcome>(
  { kind: "done" },
  { kind: "stopped" },
  { kind: "continued" },
  { kind: "failed", error: { kind: "provider", message: "no", statusCode: 500 } },
);
const rest = fc.record({
  todos: fc.array(fc.record({ content: fc.string(), status: fc.constant("pending" as const) })),
  prompt: fc.constantFrom<Turn["prompt"]>(
    { text: "", files: [] },
    { text: "do it\n".repeat(300), files: ["a.png"] },
  ),
});
const options = fc.record({
  maxPostChars: fc.constantFrom(1000, 4000, 16_383),
  verbosity: fc.constantFrom<RenderOptions["verbosity"]>("normal", "verbose"),
});

/** The turn at every stage of its life, the ended one last. */
function stages(all: readonly Growth[], outcome: Outcome, fields: Partial<Turn>): Turn[] {
  const going = all.flatMap(({ early }, index) => {
    const before = all.slice(0, index).map(({ late }) => late);
    return [running([...before, early], fields)];
  });
  const whole = all.map(({ late }) => late);
  return [running([], fields), ...going, running(whole, fields), ended(whole, outcome, fields)];
}

const render = (turn: Turn, chosen: Partial<RenderOptions>): readonly DesiredPost[] =>
  renderTurn(turn, stateOf([turn]), START_MS + 48_000, { ...OPTIONS, ...chosen });
const words = (texts: readonly string[]): string[] => texts.join("\n").match(/w\d+x\d+/g) ?? [];
const textsOf = (turn: Turn): string[] =>
  turn.items.map((item) => (item.kind === "text" ? item.text : ""));

/** A failing life is long; making it shorter takes minutes. */
const QUICK = { endOnFailure: true };
const anyLife = fc.tuple(growths, outcomes, rest, options);

test("at every stage each word of every text is shown once, in order", () => {
  fc.assert(
    fc.property(anyLife, ([all, outcome, fields, chosen]) => {
      for (const turn of stages(all, outcome, fields)) {
        const shown = render(turn, chosen).map(({ message }) => message);
        expect(words(shown)).toEqual(words(textsOf(turn)));
      }
    }),
    QUICK,
  );
});

test("no post is over the limit, no key is there twice", () => {
  fc.assert(
    fc.property(anyLife, ([all, outcome, fields, chosen]) => {
      for (const turn of stages(all, outcome, fields)) {
        const posts = render(turn, chosen);
        const sizes = posts.flatMap((post) =>
          [post.message, post.firstMessage ?? ""].map(countChars),
        );
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(chosen.maxPostChars);
        expect(new Set(posts.map(({ key }) => key)).size).toBe(posts.length);
      }
    }),
    QUICK,
  );
});

test("a post that was made is never given up, and new ones come below", () => {
  fc.assert(
    fc.property(anyLife, ([all, outcome, fields, chosen]) => {
      let before: readonly string[] = [];
      for (const turn of stages(all, outcome, fields)) {
        const keys = render(turn, chosen).map(({ key }) => key);
        expect(keys.slice(0, before.length)).toEqual([...before]);
        before = keys;
      }
    }),
    QUICK,
  );
});

const PERMISSION = {
  request: {
    id: asRequestId("per_1"),
    sessionId: SESSION,
    permission: "bash",
    patterns: [],
    always: [],
  },
  pending: [asRequestId("per_1")],
};
const BEFORE = running([text("x", "msg_before")], { id: asMessageId("msg_0") });
const TODO = { content: "⏳ wait", status: "in_progress" } as const;

/** What a turn that goes on may wait for. */
const situations = fc.constantFrom<(turn: Turn) => ThreadState>(
  (turn) => stateOf([turn]),
  (turn) => stateOf([turn], { permissions: [PERMISSION] }),
  (turn) =>
    stateOf([turn], { run: { kind: "retry", attempt: 1, message: "\n*busy*", nextMs: START_MS } }),
  (turn) => stateOf([BEFORE, turn]),
);

test("a turn that goes on is read as unfinished off one of its posts, as made and as edited; one that has ended off none", () => {
  fc.assert(
    fc.property(anyLife, situations, ([all, outcome, fields, chosen], situation) => {
      const about = { ...fields, todos: [TODO] };
      for (const turn of stages(all, outcome, about)) {
        const posts = renderTurn(turn, situation(turn), START_MS + 48_000, {
          ...OPTIONS,
          ...chosen,
        });
        const unfinished = [
          posts.some(({ message }) => isUnfinished(message)),
          posts.some(({ message, firstMessage = message }) => isUnfinished(firstMessage)),
        ];
        const goesOn = turn.outcome === undefined && posts.length > 0;
        expect(unfinished).toEqual([goesOn, goesOn]);
      }
    }),
    QUICK,
  );
});
