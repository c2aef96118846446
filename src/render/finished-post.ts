import type { DesiredPost } from "../models/desired-post.ts";
import { withoutPictures } from "./markdown/safe-markdown.ts";

/** The last step on each post: what was joined or cut may be a picture that no piece of it was. */
export function finishedPost(post: DesiredPost): DesiredPost {
  const { message, firstMessage } = post;
  return {
    ...post,
    message: withoutPictures(message),
    ...(firstMessage !== undefined && { firstMessage: withoutPictures(firstMessage) }),
  };
}
