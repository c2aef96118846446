import { PERHAPS_MORE_POSTS, type Post } from "../../models/chat.ts";
import type { PostId } from "../../models/ids.ts";

const PAGE = 200;
/** A server that always has one more page, or larger ones than there are, does not fill the memory. */
const MOST_PAGES = 100;
const MOST_CHARS = 32 * 1024 * 1024;

/** A page of the channel. */
interface Page {
  readonly listed: readonly Post[];
  /** How many posts the server listed, those that could not be read included. */
  readonly count: number;
}

/**
 * Every post of a channel after one of its posts, oldest first, read in pages. Where those are too many: the oldest of them, and
 * whoever asks again after the last one gets the next.
 */
export async function postsAfter(
  afterId: PostId,
  list: (query: string) => Promise<Page>,
  isThere: () => Promise<boolean>,
): Promise<readonly Post[]> {
  // "After" leaves out what was made in the same millisecond, so it begins one post earlier.
  const [earlier] = (await list(`before=${afterId}&per_page=1`)).listed;
  const found = earlier
    ? await pagesAfter(earlier.id, list)
    : await pagesFromEnd(
        list,
        async () => (await list(`after=${afterId}&per_page=1`)).count > 0 || isThere(),
      );
  found.delete(afterId);
  return oldestFirst([...found.values()].filter((post) => !post.deleted));
}

type Found = Map<PostId, Post>;

async function pagesAfter(first: PostId, list: (query: string) => Promise<Page>): Promise<Found> {
  const collected = createCollection();
  for (let after = first; ; ) {
    const page = await list(`after=${after}&per_page=${PAGE}`);
    const wantsMore = collected.add(page);
    const next = pageEnd(page.listed);
    if (!wantsMore || !next || next === after) return collected.posts;
    after = next;
  }
}

/** The whole channel. Nothing is before its first post, so pages are counted from the end. */
async function pagesFromEnd(
  list: (query: string) => Promise<Page>,
  isKnown: () => Promise<boolean>,
): Promise<Found> {
  const collected = createCollection();
  if (!(await isKnown())) return collected.posts;
  for (let page = 0; ; page++) {
    if (!collected.add(await list(`page=${page}&per_page=${PAGE}`))) return collected.posts;
  }
}

function createCollection() {
  const posts: Found = new Map();
  let pages = 0;
  let chars = 0;
  return {
    posts,
    /** Whether the next page is worth asking for. One that brings nothing new is the last. */
    add({ listed, count }: Page): boolean {
      const before = posts.size;
      for (const post of listed) {
        if (!posts.has(post.id)) chars += sizeOf(post);
        posts.set(post.id, post);
      }
      const isNew = posts.size > before;
      const isEnough = posts.size >= PERHAPS_MORE_POSTS && chars >= MOST_CHARS;
      return isNew && count >= PAGE && ++pages < MOST_PAGES && !isEnough;
    },
  };
}

const sizeOf = ({ message, props }: Post): number => message.length + JSON.stringify(props).length;

/** Posts of one moment: a root before its replies, the others in the order of their ids, which is the server's. */
export const oldestFirst = (posts: readonly Post[]): readonly Post[] =>
  [...posts].sort(
    (a, b) =>
      a.createdMs - b.createdMs ||
      Number(a.rootId !== undefined) - Number(b.rootId !== undefined) ||
      (a.id < b.id ? -1 : 1),
  );

/**
 * The post to ask for the next page after. Not the newest: of several posts made in its millisecond the others may be on the
 * next page, and "after" means a later millisecond.
 */
function pageEnd(newestFirst: readonly Post[]): PostId | undefined {
  const [newest] = newestFirst;
  const earlier = newestFirst.find((post) => newest && post.createdMs < newest.createdMs);
  return (earlier ?? newest)?.id;
}
