const SECOND_MS = 1000;

/** `0.3 s`, `41 s`, `2 min 30 s`, `1 h 5 min`: how long something took. */
export function duration(ms: number): string {
  const tenths = Math.max(0, Math.round(ms / 100));
  if (tenths < 100) return `${tenths / 10} s`;
  return whole(Math.round(ms / SECOND_MS));
}

/** How long something has been going on: whole seconds. */
export function elapsed(ms: number): string {
  return whole(Math.max(0, Math.floor(ms / SECOND_MS)));
}

function whole(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(seconds, 60, "min", 1, "s");
  return pair(seconds, 3600, "h", 60, "min");
}

function pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string) {
  const rest = Math.floor((seconds % big) / small);
  const head = `${Math.floor(seconds / big)} ${bigUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}
