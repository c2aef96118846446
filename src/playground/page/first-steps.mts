import { element } from "./element.mts";
import { PROMPTS } from "./prompts.ts";
import type { Post } from "./wire.mts";

/** For who is here for the first time: what to do, with prompts to tap. */
export interface FirstSteps {
  readonly node: HTMLElement;
  /** Each prompt goes away when it was sent, and all when the person writes something else. */
  show(mine: readonly Post[], isReady: boolean): void;
}

export function createFirstSteps(send: (prompt: string) => void): FirstSteps {
  const hint = element("p", "", "Each card is a session of OpenCode: open one and reply to it, ");
  hint.append("or tap one of these and see what comes back:");
  const buttons = PROMPTS.map(({ text, shows }) => {
    const node = element(
      "button",
      "prompt",
      element("span", "", text),
      element("small", "", shows),
    );
    node.type = "button";
    node.addEventListener("click", () => send(text));
    return { text, node };
  });
  const node = element("section", "first-steps", hint, ...buttons.map((it) => it.node));
  node.setAttribute("aria-label", "First steps");
  node.hidden = true;
  return {
    node,
    show(mine, isReady) {
      const sent = new Set(mine.map(({ message }) => message));
      for (const { text, node: prompt } of buttons) prompt.hidden = sent.has(text);
      const isOwn = mine.some(({ message }) => PROMPTS.every(({ text }) => text !== message));
      node.hidden = !isReady || isOwn || buttons.every((it) => it.node.hidden);
    },
  };
}
