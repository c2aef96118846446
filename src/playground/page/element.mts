type Child = Node | string;

/** A new element with a class and children; text is text, never HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className = "",
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A button that says to a screen reader what it does. */
export function button(className: string, label: string, run: () => void, ...children: Child[]) {
  const made = element("button", className, ...children);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = label;
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    run();
  });
  return made;
}

/** The element of the page that the selector names; every one that is asked for is in index.html. */
export function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
}

/** Makes these the children, and leaves alone those that are there already: what has the focus keeps it. */
export function showChildren(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    const there = parent.children[index] ?? null;
    if (there !== child) parent.insertBefore(child, there);
  });
}
