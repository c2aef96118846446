import { TEXTS } from "./texts.ts";

export type Says = keyof typeof TEXTS;

/** What takes the place of the `{names}` in a text. */
type Facts = Readonly<Record<string, string | number>>;

/** What a check found. */
export interface Finding {
  readonly says: Says;
  readonly facts: Facts;
}

interface Words {
  readonly line: string;
  /** What to do. Every problem has one, and nothing else has. */
  readonly fix?: string;
}

const textOf = (says: Says): Words => TEXTS[says];

export const found = (says: Says, facts: Facts = {}): Finding => ({ says, facts });

export const isProblem = ({ says }: Finding): boolean => textOf(says).fix !== undefined;

export function wordsOf({ says, facts }: Finding): Words {
  const { line, fix } = textOf(says);
  return { line: filled(line, facts), ...(fix !== undefined && { fix: filled(fix, facts) }) };
}

export const filled = (text: string, facts: Facts): string =>
  text.replace(/\{([\w-]+)\}/g, (whole, name: string) => String(facts[name] ?? whole));

/** One finding as a terminal shows it. */
export function shown(finding: Finding): string {
  const { line, fix } = wordsOf(finding);
  return fix === undefined ? `✓ ${line}` : `✗ ${line}\n  → ${fix}`;
}
