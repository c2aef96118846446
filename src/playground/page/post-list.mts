import { element, showChildren } from "./element.mts";
import { createPostView, type PostActions, type PostExtras, type PostView } from "./post-view.mts";
import type { Post } from "./wire.mts";

/** A list of posts that stays at its end while the reader is there. */
export interface PostList {
  readonly node: HTMLElement;
  show(posts: readonly Post[], extrasOf: (post: Post) => PostExtras): void;
  /** Another thread: begin at its end. */
  reset(): void;
}

const NEAR_END_PX = 80;

export function createPostList(actions: PostActions): PostList {
  const list = element("ol", "posts");
  const views = new Map<string, PostView>();
  let follows = true;
  list.addEventListener("scroll", () => {
    follows = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  });
  const keepUp = (): void => {
    if (follows) list.scrollTop = list.scrollHeight;
  };
  new ResizeObserver(keepUp).observe(list);
  let isDue = false;
  /** Many texts that come at once make one look at the end of the list. */
  const keepUpSoon = (): void => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      keepUp();
    });
  };

  return {
    node: list,
    show(posts, extrasOf) {
      const wanted = new Set(posts.map(({ id }) => id));
      for (const id of views.keys()) if (!wanted.has(id)) views.delete(id);
      const nodes = posts.map((post) => {
        const view = views.get(post.id) ?? createPostView(post, actions);
        views.set(post.id, view);
        view.update(post, extrasOf(post), keepUpSoon);
        return view.node;
      });
      showChildren(list, nodes);
      keepUp();
    },
    reset() {
      follows = true;
      keepUp();
    },
  };
}
