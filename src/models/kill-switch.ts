/** Where the owner's kill switch stands. `fromMs` and `untilMs`: the last time that it was on, still `Infinity` while it is. */
export interface KillSwitchPosition {
  readonly on: boolean;
  /** When the owner spoke last. */
  readonly atMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export const NEVER: KillSwitchPosition = { on: false, atMs: 0, fromMs: 0, untilMs: 0 };

/** Pure. Where the switch stands after a word of the owner; `undefined` where a later word has come already. */
export function turned(
  position: KillSwitchPosition,
  on: boolean,
  atMs: number,
): KillSwitchPosition | undefined {
  if (atMs < position.atMs) return undefined;
  if (on === position.on) return { ...position, atMs };
  return on
    ? { on, atMs, fromMs: atMs, untilMs: Number.POSITIVE_INFINITY }
    : { on, atMs, fromMs: position.fromMs, untilMs: atMs };
}
