import type { Delta } from "./play-reply.ts";
import type { Usage } from "./reply.ts";

interface ToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; arguments: string };
}

export interface Tally {
  add(delta: Delta): void;
  result(): {
    readonly text: string;
    readonly reasoning: string;
    readonly tools: readonly ToolCall[];
    readonly finish: string;
    readonly usage: Usage;
  };
}

const countTokens = (chars: number): number => Math.ceil(chars / 4);

/** Adds up an answer while it is played; counts four characters as a token where the script gives no usage. */
export function createTally(inputChars: number): Tally {
  let text = "";
  let reasoning = "";
  let scripted: Usage | undefined;
  let finish: string | undefined;
  const tools: ToolCall[] = [];
  return {
    add(delta) {
      if (delta.kind === "text") text += delta.text;
      if (delta.kind === "reasoning") reasoning += delta.text;
      if (delta.kind === "usage") scripted = delta.usage;
      if (delta.kind === "finish") finish = delta.finish;
      if (delta.kind === "tool") {
        const { id, name } = delta;
        tools.push({ id, type: "function", function: { name, arguments: "" } });
      }
      if (delta.kind === "arguments") {
        const tool = tools[delta.index];
        if (tool) tool.function.arguments += delta.text;
      }
    },
    result: () => ({
      text,
      reasoning,
      tools,
      finish: finish ?? (tools.length > 0 ? "tool_calls" : "stop"),
      usage: scripted ?? {
        input: countTokens(inputChars),
        output: countTokens(text.length + reasoning.length),
        reasoning: countTokens(reasoning.length),
      },
    }),
  };
}
