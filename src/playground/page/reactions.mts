import { button, element } from "./element.mts";
import { emojiSymbol, pickableEmoji } from "./emoji.ts";
import type { Post } from "./wire.mts";

interface ReactionDeps {
  readonly myId: string;
  toggle(post: Post, emoji: string): void;
}

/** A post's reactions, to be tapped, and a picker for others. */
export function reactionRow(post: Post, { myId, toggle }: ReactionDeps): HTMLElement {
  const row = element("div", "reactions");
  for (const name of new Set(post.reactions.map(({ emoji }) => emoji))) {
    const all = post.reactions.filter(({ emoji }) => emoji === name);
    const isMine = all.some(({ userId }) => userId === myId);
    const symbol = emojiSymbol(name) ?? `:${name}:`;
    const label = `${isMine ? "Take back" : "React with"} ${name}`;
    const chip = button("reaction", label, () => toggle(post, name), symbol, ` ${all.length}`);
    chip.setAttribute("aria-pressed", String(isMine));
    chip.dataset["emoji"] = name;
    row.append(chip);
  }
  const picker = element("div", "picker");
  picker.hidden = true;
  for (const name of pickableEmoji) {
    const pick = (): void => {
      picker.hidden = true;
      toggle(post, name);
    };
    picker.append(button("pick", `React with ${name}`, pick, emojiSymbol(name) ?? name));
  }
  const open = (): void => {
    picker.hidden = !picker.hidden;
  };
  row.append(button("reaction add", "Add a reaction", open, "☺+"), picker);
  return row;
}
