import { element } from "./element.mts";

/** Says to a screen reader what has come; nothing of it is seen. */
export interface Announcer {
  readonly node: HTMLElement;
  say(text: string): void;
}

const KEPT = 5;

export function createAnnouncer(): Announcer {
  const node = element("div", "unseen");
  node.setAttribute("role", "log");
  node.setAttribute("aria-label", "New messages");
  return {
    node,
    say(text) {
      node.append(element("p", "", text));
      while (node.childElementCount > KEPT) node.firstElementChild?.remove();
    },
  };
}
