/** Resolves as soon as `probe` has a value that is neither `undefined` nor `false`. */
export async function until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadlineMs) throw new Error(`not seen: ${what}`);
    await Bun.sleep(1);
  }
}
