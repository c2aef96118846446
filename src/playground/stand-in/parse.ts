/** The value as a JSON object, if it is one. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  const object = typeof value === "object" && value !== null && !Array.isArray(value);
  return object ? { ...value } : undefined;
}

/** The value as text, if it is text. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value as a list of texts; anything else in it makes it none. */
export function asTexts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.flatMap((each) => asText(each) ?? []);
  return texts.length === value.length ? texts : undefined;
}

/** The value as a whole number of at least `least`, else `otherwise`. */
export function asCount(value: string | null, otherwise: number, least = 0): number {
  if (value === null || !/^\d+$/.test(value)) return otherwise;
  return Math.max(least, Number(value));
}
