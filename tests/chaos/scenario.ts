/** How a scenario is to be run. */
export interface Setting {
  /** `short` is over in minutes; `full` has the numbers that the promises are made for, `long` more messages. */
  readonly size: "short" | "full" | "long";
  readonly seed: number;
  /** So many messages instead of the scenario's own number. */
  readonly messages?: number;
  /** A line about what goes on, for the person who waits. */
  note(line: string): void;
}

/** What went wrong, one line each: nothing, where all is well. */
export interface Findings {
  /** Not there, though it should be. */
  readonly lost: readonly string[];
  /** There more than once, or answered in two ways. */
  readonly doubled: readonly string[];
  /** In the wrong thread, or done for the wrong person. */
  readonly crossed: readonly string[];
  /** Something of the owner's that nothing answers, or a part that gave up. */
  readonly silent: readonly string[];
}

export interface Result extends Findings {
  /** How much was thrown at it: messages, changes, inputs. */
  readonly sent: number;
}

export interface Scenario {
  readonly name: string;
  run(setting: Setting): Promise<Result>;
}

export const KINDS = ["lost", "doubled", "crossed", "silent"] as const;

export const isClean = (findings: Findings): boolean =>
  KINDS.every((kind) => findings[kind].length === 0);
