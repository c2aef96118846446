import { z } from "zod";

/**
 * What the bridge writes into the `props` of every post that it makes, under `opencode_mattermost`. Props survive what
 * `pending_post_id` does not, so this is how a post is found again after a crash, and how a lost mapping is rebuilt.
 */
const POST_PROPS = "opencode_mattermost";

const PostMark = z.object({
  v: z.literal(1),
  /** Unique in its thread; says what the post is for (`root`, `<turn>/0`, `permission/<id>`, …). */
  key: z.string(),
  session_id: z.string(),
  directory: z.string().optional(),
  machine_id: z.string(),
  /** The process that made it, where that matters. */
  instance_id: z.string().optional(),
});

export type PostMark = z.infer<typeof PostMark>;

/** The mark of a post of ours; `undefined` for every other post, also for marks of a version not known here. */
export function readPostMark(props: Readonly<Record<string, unknown>>): PostMark | undefined {
  const parsed = PostMark.safeParse(props[POST_PROPS]);
  return parsed.success ? parsed.data : undefined;
}

/** Whether a key is that of a permission or a question. */
export const isRequestKey = (key: string): boolean => /^(permission|question)\//.test(key);

/**
 * With it Mattermost shows no picture of the post and fetches no preview of its links: what a model writes into an address must
 * not leave by being looked at. The links themselves stay links.
 */
const NO_FETCHING = { unsafe_links: "true" };

export function writePostMark(mark: Omit<PostMark, "v">): Readonly<Record<string, unknown>> {
  return { ...NO_FETCHING, [POST_PROPS]: { v: 1, ...mark } };
}
