import type { Argument } from "./host-event.ts";

/** What a tool is called with, in the order in which it was given; `undefined` where it cannot be written down. */
export function argumentsOf(
  input: Readonly<Record<string, unknown>>,
): readonly Argument[] | undefined {
  try {
    return Object.entries(input)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        const isText = typeof value === "string";
        return { name, isText, text: isText ? value : JSON.stringify(value, undefined, 2) };
      });
  } catch {
    // Nested too deep.
    return undefined;
  }
}
