import type { FileChanges } from "../models/host-event.ts";
import type { Turn } from "../state/thread-state.ts";

/** What the turn changed: as OpenCode counts it, else summed from its tools, each file once. */
export function turnChanges(turn: Turn): FileChanges {
  const counted = turn.message.changes;
  return counted !== undefined && counted.files > 0 ? counted : summed(turn);
}

function summed({ items }: Turn): FileChanges {
  const files = new Set<string>();
  let unnamed = 0;
  let additions = 0;
  let deletions = 0;
  for (const item of items) {
    if (item.kind !== "tool" || item.call.changes === undefined) continue;
    const names = item.call.paths;
    for (const name of names) files.add(name);
    if (names.length === 0) unnamed = Math.max(unnamed, item.call.changes.files);
    additions += item.call.changes.additions;
    deletions += item.call.changes.deletions;
  }
  return { files: files.size + unnamed, additions, deletions };
}
