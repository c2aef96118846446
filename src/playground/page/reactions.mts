import { button, element } from "./element.mts";
import { emojiSymbol, pickableEmoji } from "./emoji.ts";
import type { Post } from "./wire.mts";

interface ReactionDeps {
  readonly myId: string;
  toggle(post: Post, emoji: string): void;
}

interface Reactions {
  /** Those that the post has, to be tapped. */
  readonly chips: readonly HTMLElement[];
  /** Opens and closes the picker. */
  readonly add: HTMLElement;
  readonly picker: HTMLElement;
}

/** A post's reactions, and what adds others. */
export function reactionsOf(post: Post, { myId, toggle }: ReactionDeps): Reactions {
  const names = [...new Set(post.reactions.map(({ emoji }) => emoji))];
  const chips = names.map((name) => {
    const all = post.reactions.filter(({ emoji }) => emoji === name);
    const isMine = all.some(({ userId }) => userId === myId);
    const label = `${isMine ? "Take back" : "React with"} ${name}`;
    const symbol = emojiSymbol(name) ?? `:${name}:`;
    const chip = button("reaction", label, () => toggle(post, name), symbol, ` ${all.length}`);
    chip.setAttribute("aria-pressed", String(isMine));
    chip.dataset["emoji"] = name;
    return chip;
  });
  const picker = element("div", "picker");
  picker.hidden = true;
  for (const name of pickableEmoji) {
    const pick = (): void => {
      picker.hidden = true;
      toggle(post, name);
    };
    picker.append(button("pick", `React with ${name}`, pick, emojiSymbol(name) ?? name));
  }
  const add = button("add", "Add a reaction", () => (picker.hidden = !picker.hidden), "☺");
  return { chips, add, picker };
}
