import type { InstanceId } from "../models/ids.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";

/**
 * Who answers for a thread, seen from one process. `deserted`: the process that had it is dead, and nobody has said so yet.
 * `nobody`: it was given back, or called lost.
 */
export type Standing = "mine" | "theirs" | "deserted" | "nobody";

export function standingOf(
  { owner }: Pick<ThreadMapping, "owner">,
  self: { readonly instanceId: InstanceId; readonly isAlive: (instance: InstanceId) => boolean },
): Standing {
  if (owner === undefined) return "nobody";
  if (owner === self.instanceId) return "mine";
  return self.isAlive(owner) ? "theirs" : "deserted";
}
