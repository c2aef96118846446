/** Every name of a command. */
export const namesOf = ({
  name,
  aliases = [],
}: {
  readonly name: string;
  readonly aliases?: readonly string[];
}): readonly string[] => [name, ...aliases];

/** One letter wrong, missing, too many or swapped, in words long enough for that to mean something. */
export function isNearMiss(typed: string, name: string): boolean {
  if (Math.min(typed.length, name.length) < 4) return false;
  return distance(typed, name) === 1;
}

/** Damerau-Levenshtein distance, up to 1; 2 stands for "more". */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > 1) return 2;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const substituted = restA.slice(1) === restB.slice(1);
  const removed = restA.slice(1) === restB || restA === restB.slice(1);
  const swapped =
    restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0];
  return substituted || removed || swapped ? 1 : 2;
}
