import { parseArgs } from "node:util";
import { CALLED_AS } from "./called-as.ts";

/** What the command was asked to do. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "once" }
  | {
      readonly kind: "page";
      readonly port: number | undefined;
      readonly model: OwnModel | undefined;
    };

/** A model of the user's own OpenCode, as in `anthropic/claude-sonnet-4-5`. */
export interface OwnModel {
  readonly provider: string;
  readonly name: string;
}

export const usage = `${CALLED_AS.withOptions} [OPTIONS]
a local Mattermost, a real OpenCode and the bridge, in your browser

  --port N           serve the page on 127.0.0.1:N (without it: 4180, or any free port)
  --model P/NAME     your own OpenCode's model instead of the scripted one, such as
                     anthropic/claude-sonnet-4-5; its login and provider settings are used
  --once             play one scripted conversation, print it, check it, and end
  --help             this text`;

const flags = {
  port: { type: "string" },
  model: { type: "string" },
  once: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line; a text says what is wrong with it and what to do. */
export function readArguments(given: readonly string[]): Command | string {
  const parsed = parse(given);
  if (typeof parsed === "string") return parsed;
  const { port, model, once, help } = parsed;
  if (help) return { kind: "help" };
  if (once && (port !== undefined || model !== undefined)) {
    return "--once plays a script by itself. Leave --port and --model out.";
  }
  if (once) return { kind: "once" };
  const number = port === undefined ? undefined : Number(port || Number.NaN);
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= 65_535)) {
    return `--port ${port} is not a port. Give a number from 0 to 65535.`;
  }
  const own = model === undefined ? undefined : ownModel(model);
  if (model !== undefined && own === undefined) {
    return `--model ${model} names no model. Give provider/name, such as anthropic/claude-sonnet-4-5; "npx opencode models" lists yours.`;
  }
  return { kind: "page", port: number, model: own };
}

function ownModel(text: string): OwnModel | undefined {
  const [, provider, name] = /^([^/\s]+)\/(\S+)$/.exec(text) ?? [];
  return provider === undefined || name === undefined ? undefined : { provider, name };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: flags }).values;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${usage}`;
  }
}
