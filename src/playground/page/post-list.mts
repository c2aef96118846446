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

interface End {
  /** Goes there, where the reader has not left it. */
  keepUp(): void;
  goTo(): void;
}

function endOf(list: HTMLElement): End {
  let follows = true;
  let before = { top: 0, height: 0 };
  // What comes moves the end away, which is not the reader's doing. The reader leaves it by going up in a list that has not shrunk.
  const look = (): void => {
    const { scrollTop: top, scrollHeight: height, clientHeight } = list;
    if (height - top - clientHeight < NEAR_END_PX) follows = true;
    else if (top < before.top && height >= before.height) follows = false;
    before = { top, height };
  };
  const keepUp = (): void => {
    // The reader may have moved since it was last told.
    look();
    if (!follows) return;
    list.scrollTop = list.scrollHeight;
    look();
  };
  list.addEventListener("scroll", look);
  return {
    keepUp,
    goTo() {
      follows = true;
      keepUp();
    },
  };
}

export function createPostList(actions: PostActions): PostList {
  const list = element("ol", "posts");
  const views = new Map<string, PostView>();
  const end = endOf(list);
  const sizes = new ResizeObserver(end.keepUp);
  sizes.observe(list);

  function viewOf(post: Post): PostView {
    const known = views.get(post.id);
    if (known !== undefined) return known;
    const view = createPostView(post, actions);
    sizes.observe(view.node);
    views.set(post.id, view);
    return view;
  }

  return {
    node: list,
    show(posts, extrasOf) {
      const wanted = new Set(posts.map(({ id }) => id));
      for (const [id, { node }] of views) {
        if (wanted.has(id)) continue;
        sizes.unobserve(node);
        views.delete(id);
      }
      const nodes = posts.map((post) => {
        const view = viewOf(post);
        view.update(post, extrasOf(post));
        return view.node;
      });
      showChildren(list, nodes);
      end.keepUp();
    },
    reset: end.goTo,
  };
}
