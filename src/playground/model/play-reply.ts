import type { Gates } from "./gates.ts";
import type { Failure, Reply, Step, Usage } from "./reply.ts";

/** What an answer is made of while it comes. */
export type Delta =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "tool"; readonly index: number; readonly id: string; readonly name: string }
  | { readonly kind: "arguments"; readonly index: number; readonly text: string }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "finish"; readonly finish: string }
  | { readonly kind: "failure"; readonly failure: Failure }
  | { readonly kind: "broken" };

export interface Stage {
  readonly gates: Gates;
  readonly signal: AbortSignal;
  readonly wordMs: number;
  /** How many calls with these very messages came before. */
  readonly attempt: number;
  newToolCallId(): string;
}

const words = (text: string): readonly string[] => text.match(/\s*\S+\s*$|\s*\S+/g) ?? [text];
const halves = (text: string): readonly string[] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== "");
};

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

function failsNow(step: Step, attempt: number): Failure | undefined {
  if (!("error" in step)) return undefined;
  return attempt < (step.error.times ?? Number.POSITIVE_INFINITY) ? step.error : undefined;
}

async function* spoken(kind: "text" | "reasoning", text: string, stage: Stage) {
  for (const word of words(text)) {
    if (stage.signal.aborted) return;
    yield { kind, text: word } satisfies Delta;
    await pause(stage.wordMs, stage.signal);
  }
}

/** A step that makes no difference to the stream but its timing. */
async function wait(step: Step, { gates, signal }: Stage): Promise<void> {
  if ("pauseMs" in step) await pause(step.pauseMs, signal);
  if ("gate" in step) await gates.pass(step.gate, signal);
}

async function* playStep(step: Step, toolIndex: number, stage: Stage): AsyncGenerator<Delta> {
  if ("text" in step) yield* spoken("text", step.text, stage);
  if ("reasoning" in step) yield* spoken("reasoning", step.reasoning, stage);
  if ("usage" in step) yield { kind: "usage", usage: step.usage };
  if ("finish" in step) yield { kind: "finish", finish: step.finish };
  if ("broken" in step) yield { kind: "broken" };
  if ("tool" in step) {
    const index = toolIndex;
    yield { kind: "tool", index, id: stage.newToolCallId(), name: step.tool };
    for (const text of halves(JSON.stringify(step.args))) yield { kind: "arguments", index, text };
  }
}

/** Plays a reply in its rhythm; ends early when the signal aborts. What comes after a failure or break is not for anyone. */
export async function* playReply(reply: Reply, stage: Stage): AsyncGenerator<Delta> {
  let tools = 0;
  for (const step of reply) {
    await wait(step, stage);
    if (stage.signal.aborted) return;
    const failure = failsNow(step, stage.attempt);
    if (failure) yield { kind: "failure", failure };
    else yield* playStep(step, tools, stage);
    if ("tool" in step) tools += 1;
  }
}
