import type { PostId } from "./models/ids.ts";
import type { ReplyClaim, ThreadMapping } from "./models/thread-mapping.ts";

/** So many claims of a thread are kept: more than can be open at once. */
const CLAIMS_KEPT = 20;

export const claimOf = (mapping: ThreadMapping, postId: PostId): ReplyClaim | undefined =>
  mapping.claims?.find(({ post }) => post === postId);

/** The claim takes the place of an earlier one for the same post. */
export function withClaim(mapping: ThreadMapping, claim: ReplyClaim): ThreadMapping {
  const others = (mapping.claims ?? []).filter(({ post }) => post !== claim.post);
  return { ...mapping, claims: [...others, claim].slice(-CLAIMS_KEPT) };
}
