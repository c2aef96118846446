import type { PostId } from "../models/ids.ts";
import type { ReplyClaim, ThreadMapping } from "../models/thread-mapping.ts";

/** So many claims of a thread are kept: more than can be open at once. */
const CLAIMS_KEPT = 20;
/** Those that nobody else can look up: OpenCode does not store what was refused, or answered a request. */
const SETTLED_KEPT = 100;

export const claimOf = (mapping: ThreadMapping, postId: PostId): ReplyClaim | undefined =>
  mapping.claims?.find(({ post }) => post === postId);

/** The claim takes the place of an earlier one for the same post. */
export function withClaim(mapping: ThreadMapping, claim: ReplyClaim): ThreadMapping {
  const all = [...(mapping.claims ?? []).filter(({ post }) => post !== claim.post), claim];
  const settled = all.filter(({ to }) => to !== "run").slice(-SETTLED_KEPT);
  const open = all.filter(({ to }) => to === "run").slice(-CLAIMS_KEPT);
  const kept = all.filter((each) => settled.includes(each) || open.includes(each));
  return { ...mapping, claims: kept };
}
