import type { PostId } from "./models/ids.ts";
import type { ReplyClaim, ThreadMapping } from "./models/thread-mapping.ts";

/** So many claims of a thread are kept: more than can be open at once, and than anybody looks back for. */
const CLAIMS_KEPT = 20;
const DONE_KEPT = 100;

export const claimOf = (mapping: ThreadMapping, postId: PostId): ReplyClaim | undefined =>
  mapping.claims?.find(({ post }) => post === postId);

/** The claim takes the place of an earlier one for the same post. */
export function withClaim(mapping: ThreadMapping, claim: ReplyClaim): ThreadMapping {
  const all = [...(mapping.claims ?? []).filter(({ post }) => post !== claim.post), claim];
  const done = all.filter(({ to }) => to === "done").slice(-DONE_KEPT);
  const open = all.filter(({ to }) => to !== "done").slice(-CLAIMS_KEPT);
  return { ...mapping, claims: all.filter((each) => done.includes(each) || open.includes(each)) };
}
