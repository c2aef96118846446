/** How long it takes, in milliseconds. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await task();
  return performance.now() - startMs;
}

/** Does it so many times, one after the other, and keeps what it resolves with. */
export async function repeat<T>(
  rounds: number,
  task: (round: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  for (let round = 0; round < rounds; round++) results.push(await task(round));
  return results;
}

/** Both in every round, each as often the first as the second. */
export async function inTurns(
  rounds: number,
  one: (round: number) => Promise<number>,
  other: (round: number) => Promise<number>,
): Promise<readonly [readonly number[], readonly number[]]> {
  const pairs = await repeat(rounds, async (round) => {
    if (round % 2 === 0) return [await one(round), await other(round)] as const;
    const second = await other(round);
    return [await one(round), second] as const;
  });
  return [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
}
