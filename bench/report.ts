import { type Figure, type Result, reaches, summaryOf } from "./figure.ts";

/** Where and of what it was measured. */
export interface Circumstances {
  readonly commit: string;
  readonly at: string;
  readonly machine: string;
  readonly bun: string;
}

export interface HostResult extends Result {
  readonly host: string;
}

const shown = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

function goalOf(figure: Figure): string {
  const isReached = reaches(figure);
  if (!figure.goal || isReached === undefined) return "";
  return `${isReached ? "✓" : "✗"} ${figure.goal.of} ≤ ${shown(figure.goal.atMost)}`;
}

const HEAD = ["figure", "unit", "n", "median", "p95", "max", "goal"];

function rowOf(figure: Figure): readonly string[] {
  const { n, median, p95, max } = summaryOf(figure);
  const numbers = [String(n), shown(median), shown(p95), shown(max)];
  return [figure.name, figure.unit, ...numbers, goalOf(figure)];
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The figures as a Markdown table. */
export function table(figures: readonly Figure[]): string {
  const rule = HEAD.map((_, at) => (at > 1 && at < HEAD.length - 1 ? "--:" : "---"));
  return [line(HEAD), line(rule), ...figures.map((figure) => line(rowOf(figure)))].join("\n");
}

/** The name of a curve's picture. */
export const pictureName = (host: string, title: string): string =>
  `${host}-${title}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .concat(".svg");

/** The whole page. */
export function page(about: Circumstances, results: readonly HostResult[]): string {
  const parts = results.map(({ host, figures, curves = [] }) => {
    const pictures = curves.map(({ title }) => `![${title}](plots/${pictureName(host, title)})`);
    return [`## ${host}`, table(figures), ...pictures].join("\n\n");
  });
  const measured = `Measured ${about.at} at commit \`${about.commit}\`, on ${about.machine}, Bun ${about.bun}, with the stand-in for Mattermost and a scripted model on the same machine.`;
  const what =
    "Made by `npm run bench`. Absolute times depend on the machine and its load; what is compared was taken in turns, in one run.";
  return `${["# Results", what, measured, ...parts].join("\n\n")}\n`;
}
