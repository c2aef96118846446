import { safeMarkdown, withoutPictures } from "../../../src/render/markdown/safe-markdown.ts";
import { splitMessage } from "../../../src/render/markdown/split-message.ts";
import { readersOfPictures } from "../../support/markdown-readers.ts";
import { oddMarkdown } from "../../support/odd-markdown.ts";
import type { Random } from "../random.ts";

/** Texts made to get a picture through: whole, as a finished post, and cut into posts. Returns those that did. */
export function fuzzMarkdown(count: number, random: Random): readonly string[] {
  const wrong: string[] = [];
  for (let at = 0; at < count; at++) {
    const text = oddMarkdown(random.next);
    const posts = [safeMarkdown(text), withoutPictures(text)];
    if (at % 4 === 0) posts.push(...splitMessage(text, random.between(5, 60)).map(withoutPictures));
    const readers = posts.flatMap(readersOfPictures);
    if (readers.length > 0) {
      wrong.push(`${readers.join(" and ")} show a picture of ${JSON.stringify(text)}`);
    }
  }
  return wrong;
}
