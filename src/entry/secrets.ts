import { tokensIn } from "../config.ts";
import { createRedactor, type Redactor } from "../models/redaction.ts";
import type { Logger } from "../ports.ts";
import { hideFromPrograms } from "./environment.ts";

/** The tokens that this process has been given, whichever directory uses them: OpenCode may evaluate this module for each. */
const TOKENS = Symbol.for("opencode-mattermost/tokens");

interface GuardedSecrets {
  /** Knows every token of this process, those that are given later too. */
  readonly redactor: Redactor;
  /** The variables that hold one. */
  readonly hidden: readonly string[];
}

/** From now on no token that is given here leaves by what the redactor clears, nor by the environment of a program. */
export function guardSecrets(
  options: unknown,
  env: Record<string, string | undefined>,
): GuardedSecrets {
  const tokens = tokensOfProcess();
  for (const token of tokensIn(options, env)) tokens.add(token);
  const redactor = redactorOf(tokens);
  return { redactor, hidden: hideFromPrograms(env, (value) => redactor.text(value) !== value) };
}

export function clearedLogger(logger: Logger, { text, data }: Redactor): Logger {
  const cleared =
    (write: Logger["info"]): Logger["info"] =>
    (message, extra) => {
      const members = Object.entries(extra ?? {}).map(([name, value]) => [name, data(value)]);
      write(text(message), extra && Object.fromEntries(members));
    };
  return {
    debug: cleared(logger.debug),
    info: cleared(logger.info),
    warn: cleared(logger.warn),
    error: cleared(logger.error),
  };
}

function redactorOf(tokens: ReadonlySet<string>): Redactor {
  let made = createRedactor([]);
  let madeOf = 0;
  const newest = (): Redactor => {
    if (madeOf !== tokens.size) made = createRedactor([...tokens]);
    madeOf = tokens.size;
    return made;
  };
  return {
    text: (text) => newest().text(text),
    data: (value) => newest().data(value),
    find: (text) => newest().find(text),
  };
}

function tokensOfProcess(): Set<string> {
  const known: unknown = Reflect.get(globalThis, TOKENS);
  if (known instanceof Set) return known;
  const made = new Set<string>();
  Reflect.set(globalThis, TOKENS, made);
  return made;
}
