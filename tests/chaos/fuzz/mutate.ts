import type { Random } from "../random.ts";

const ODD_TEXTS = [
  "",
  " ",
  "\u0000",
  "\ud83d",
  "🏳️‍🌈",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "-1",
  "1e999",
  "../../etc/passwd",
  "`$(reboot)`",
  "!".repeat(50),
  "\n```\n",
  "| a | b |",
  "@all",
  "a".repeat(20_000),
] as const;
const ODD_VALUES = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  0.1,
  [],
  {},
  [[[]]],
  { a: { b: {} } },
] as const;

export const oddText = (random: Random): string => random.pick(ODD_TEXTS);

const oddValue = (random: Random): unknown =>
  random.chance(0.4) ? oddText(random) : random.pick<unknown>(ODD_VALUES);

/** The value with something in it changed, taken away or added; often several things. */
export function mutated(value: unknown, random: Random): unknown {
  if (random.chance(0.15)) return oddValue(random);
  if (typeof value === "string") return mutatedText(value, random);
  if (typeof value === "number") return random.chance(0.3) ? -value : value;
  if (Array.isArray(value))
    return value.map((one) => (random.chance(0.3) ? mutated(one, random) : one));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(() => random.chance(0.9))
    .map(([name, one]): [string, unknown] => [
      name,
      random.chance(0.35) ? mutated(one, random) : one,
    ]);
  if (random.chance(0.1)) entries.push([oddText(random), oddValue(random)]);
  return Object.fromEntries(entries);
}

/** JSON within a text is changed from within, other texts are cut, doubled or spoilt. */
function mutatedText(text: string, random: Random): string {
  if (/^[[{]/.test(text)) {
    try {
      return JSON.stringify(mutated(JSON.parse(text), random)) ?? "";
    } catch {
      // Not JSON: changed like any other text.
    }
  }
  const at = random.between(0, text.length);
  return random.pick([
    text.slice(0, at),
    text.slice(at),
    text.slice(0, at) + oddText(random) + text.slice(at),
    text + text,
    text.toUpperCase(),
  ]);
}
