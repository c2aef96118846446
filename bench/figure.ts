import { max, median, quantile } from "simple-statistics";

type Unit = "ms" | "×" | "calls" | "bytes" | "MB" | "%";

/** One thing that was measured, several times. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  /** What it shall not be more than. */
  readonly goal?: { readonly of: "median" | "p95"; readonly atMost: number };
}

export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export const summaryOf = ({ samples }: Figure): Summary => ({
  n: samples.length,
  median: median([...samples]),
  p95: quantile([...samples], 0.95),
  max: max([...samples]),
});

export function reaches(figure: Figure): boolean | undefined {
  return figure.goal && summaryOf(figure)[figure.goal.of] <= figure.goal.atMost;
}

/** How many times as much the one takes as the other, pair by pair: what else the machine does concerns both of a pair. */
export const ratios = (ones: readonly number[], others: readonly number[]): readonly number[] =>
  ones.map((one, at) => one / (others[at] ?? Number.NaN));

/** A curve to be drawn: how something grows with something else. */
export interface Curve {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

export interface Result {
  readonly figures: readonly Figure[];
  readonly curves?: readonly Curve[];
}
