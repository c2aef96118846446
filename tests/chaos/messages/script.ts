import type { Reply } from "../../../src/playground/model/reply.ts";
import type { ModelCall } from "../../../src/playground/model/scripted-model.ts";

/** Names one message of the owner, or one prompt that does not come from Mattermost: `m17`, `t3`. */
export type Token = string;

const PROMPT_TOKEN = /\b[mt]\d+\b/;
/** What the model says holds the token of the prompt and a number of its own: `m17x204z`. */
const ANSWER_MARK = /\b([mt]\d+)x\d+z\b/g;
const ANY_TOKEN = /\b([mt]\d+)(?:x\d+z)?\b/g;

/** Every token in a text, those inside of answers too. */
export const tokensIn = (text: string): readonly Token[] =>
  [...text.matchAll(ANY_TOKEN)].flatMap((match) => match[1] ?? []);

export const marksIn = (text: string): readonly string[] =>
  [...text.matchAll(ANSWER_MARK)].map(([mark]) => mark);

/**
 * A model whose every answer is unlike all others. A prompt with `slow` in it is answered in pieces over a second, one with
 * `tool` runs a command between two texts, one with `long` gets an answer of many lines.
 */
export function createEcho(): (call: ModelCall, step: number) => Reply {
  let answers = 0;
  return ({ userText }, step) => {
    const token = PROMPT_TOKEN.exec(userText)?.[0] ?? "t0";
    const mark = `${token}x${++answers}z`;
    if (step === 0 && userText.includes(" tool")) {
      return [{ text: `I look, ${mark}.` }, bash(`echo looked`)];
    }
    if (userText.includes(" slow")) return slow(mark);
    if (userText.includes(" long")) return [{ text: `${mark} at length\n\n${LINES}` }];
    return [{ text: `${mark} is the answer.` }];
  };
}

const LINES = Array.from({ length: 40 }, (_, at) => `- line ${at + 1} of the long answer`).join(
  "\n",
);

const slow = (mark: string): Reply => [
  { text: `${mark} comes` },
  { pauseMs: 400 },
  { text: " in three" },
  { pauseMs: 600 },
  { text: " pieces." },
];

const bash = (command: string) => ({ tool: "bash", args: { command, description: "Look" } });
