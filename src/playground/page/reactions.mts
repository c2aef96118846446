import { button, element } from "./element.mts";
import { emojiSymbol, pickableEmoji } from "./emoji.ts";
import type { Post } from "./wire.mts";

interface ReactionDeps {
  readonly myId: string;
  /** The person adds this reaction to the post, or takes it back. */
  toggle(emoji: string): void;
}

interface Reactions {
  /** Opens and closes the picker. */
  readonly add: HTMLElement;
  readonly picker: HTMLElement;
  /** Those that the post has, to be tapped. A chip stays the same one for as long as it is there. */
  chips(post: Post): readonly HTMLElement[];
}

const spoken = (emoji: string): string => emoji.replaceAll("_", " ");

/** A post's reactions, and what adds others. */
export function createReactions({ myId, toggle }: ReactionDeps): Reactions {
  const known = new Map<string, HTMLElement>();
  const picker = element("div", "picker");
  picker.hidden = true;
  picker.setAttribute("role", "group");
  picker.setAttribute("aria-label", "Reactions to choose from");

  function open(isOpen: boolean): void {
    picker.hidden = !isOpen;
    add.setAttribute("aria-expanded", String(isOpen));
    if (isOpen && picker.childElementCount === 0) fill();
    const first = picker.querySelector("button");
    if (isOpen) first?.focus();
    else add.focus();
  }
  function fill(): void {
    for (const name of pickableEmoji) {
      const pick = (): void => {
        open(false);
        toggle(name);
      };
      const symbol = emojiSymbol(name) ?? name;
      picker.append(button("pick", `React with ${spoken(name)}`, pick, symbol));
    }
  }
  const add = button("add", "Add a reaction", () => open(picker.hidden !== false), "☺");
  add.setAttribute("aria-expanded", "false");
  picker.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
  });

  function chipOf(name: string): HTMLElement {
    const there = known.get(name);
    if (there !== undefined) return there;
    const chip = button("reaction", "", () => toggle(name));
    chip.dataset["emoji"] = name;
    known.set(name, chip);
    return chip;
  }

  return {
    add,
    picker,
    chips(post) {
      const names = [...new Set(post.reactions.map(({ emoji }) => emoji))];
      for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
      return names.map((name) => {
        const all = post.reactions.filter(({ emoji }) => emoji === name);
        const isMine = all.some(({ userId }) => userId === myId);
        const chip = chipOf(name);
        chip.textContent = `${emojiSymbol(name) ?? `:${name}:`} ${all.length}`;
        chip.title = isMine ? `Take back ${spoken(name)}` : `React with ${spoken(name)}`;
        chip.setAttribute("aria-label", `${chip.title}, ${all.length}`);
        chip.setAttribute("aria-pressed", String(isMine));
        return chip;
      });
    },
  };
}
