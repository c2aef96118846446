import type { ModelMessage } from "./chat-request.ts";
import type { Reply } from "./reply.ts";

/** What a rule may look at to choose its answer. */
export interface ModelCall {
  readonly at: number;
  readonly model: string;
  /** OpenCode's session id, from its `x-session-affinity` header. */
  readonly session: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly string[];
  /** The last user message's text, as it was sent. */
  readonly userText: string;
  /** Answers since that message: 0 for the first one, 1 after its first round of tools … */
  readonly step: number;
  /** How many calls with these very messages came before: 1 and more are retries. */
  readonly attempt: number;
  /** The client hung up before the answer was complete. */
  readonly aborted: boolean;
}

/** One reply per step, or a function of the step. After the last reply of a list comes a short closing text. */
export type Answer = readonly Reply[] | ((call: ModelCall, step: number) => Reply);

export interface Script {
  /** The first rule whose `when` matches answers: a text that the prompt begins with, or a pattern. */
  on(when: string | RegExp, answer: Answer): void;
  otherwise(answer: Answer): void;
  replyTo(call: ModelCall): Reply;
}

const CLOSING: Reply = [{ text: "Done." }];
const firstLine = (text: string): string => text.trim().split("\n")[0]?.slice(0, 60) ?? "";
const echo: Answer = ({ userText }, step) =>
  step === 0 ? [{ text: `Scripted answer to: ${firstLine(userText)}` }] : CLOSING;

const matches = (when: string | RegExp, text: string): boolean =>
  typeof when === "string" ? text.startsWith(when) : text.search(when) >= 0;

export function createScript(): Script {
  const rules: { readonly when: string | RegExp; readonly answer: Answer }[] = [];
  let fallback = echo;
  return {
    on(when, answer) {
      rules.push({ when, answer });
    },
    otherwise(answer) {
      fallback = answer;
    },
    replyTo(call) {
      const answer = rules.find(({ when }) => matches(when, call.userText))?.answer ?? fallback;
      return typeof answer === "function"
        ? answer(call, call.step)
        : (answer[call.step] ?? CLOSING);
    },
  };
}
