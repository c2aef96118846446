import { z } from "zod";
import type { FileChanges } from "../../models/host-event.ts";
import type { FileDiff } from "../../models/host-offers.ts";

const WireDiff = z
  .object({
    file: z.string(),
    patch: z.string().catch("").default(""),
    additions: z.number(),
    deletions: z.number(),
  })
  .transform(
    ({ file, ...diff }): FileDiff => ({
      path: file,
      patch: diff.patch,
      additions: diff.additions,
      deletions: diff.deletions,
    }),
  );

/** The changed files of a list as OpenCode 2 gives it, for a tool call and for a turn alike; what is none is left out. */
export function diffsOf(raw: unknown): readonly FileDiff[] {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [];
  return list.flatMap((one) => WireDiff.safeParse(one).data ?? []);
}

export const sumOf = (diffs: readonly FileDiff[]): FileChanges => ({
  files: diffs.length,
  additions: diffs.reduce((sum, { additions }) => sum + additions, 0),
  deletions: diffs.reduce((sum, { deletions }) => sum + deletions, 0),
});
