import type { DesiredPost } from "../models/desired-post.ts";
import { countChars } from "./markdown/chars.ts";
import { withoutPictures } from "./markdown/safe-markdown.ts";
import { splitMessage } from "./markdown/split-message.ts";
import { remembered } from "./remembered.ts";

const NOTHING = {};

/** The last step on each post: what was joined or cut may be a picture that no piece of it was. */
export const finishedPost = (post: DesiredPost): DesiredPost => finished(post, NOTHING);

const finished = remembered((post: DesiredPost): DesiredPost => {
  const { message, firstMessage } = post;
  return {
    ...post,
    message: withoutPictures(message),
    ...(firstMessage !== undefined && { firstMessage: withoutPictures(firstMessage) }),
  };
});

/** For what is escaped only where the text is cut. */
const SPARE_CHARS = 100;

/** A text as the posts that it takes, each as it will be stored and within the server's limit; never none. */
export function postTexts(message: string, maxPostChars: number): string[] {
  const whole = withoutPictures(message);
  if (countChars(whole) <= maxPostChars) return [whole];
  return splitMessage(whole, maxPostChars - SPARE_CHARS).map(withoutPictures);
}

/** The same of a post that is said once. What can be tapped, and its files, stand below its first one. */
export const finishedPosts = (post: DesiredPost, maxPostChars: number): readonly DesiredPost[] =>
  postTexts(post.message, maxPostChars).map((message, at) => {
    const { marks: _marks, files: _files, ...plain } = post;
    return at === 0 ? { ...post, message } : { ...plain, message, key: `${post.key}.${at}` };
  });
