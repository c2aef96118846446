import { button } from "./element.mts";

/** As in Mattermost, a tall post shows its beginning, and a button shows the rest. How tall is said in the style sheet. */
export function foldable(body: HTMLElement): HTMLElement {
  const more = button("more", "Show more", () => {
    show(!isWhole);
    if (!isWhole) body.closest(".post")?.scrollIntoView({ block: "nearest" });
  });
  let isWhole = false;
  function show(whole: boolean): void {
    isWhole = whole;
    body.classList.toggle("folded", !whole);
    // Folded but without anything hidden: it is not tall.
    more.hidden = !whole && body.scrollHeight <= body.clientHeight + 1;
    more.textContent = whole ? "Show less" : "Show more";
    more.title = more.textContent;
    more.setAttribute("aria-label", more.textContent);
    more.setAttribute("aria-expanded", String(whole));
  }
  // What has the focus is seen.
  body.addEventListener("focusin", () => more.hidden || show(true));
  const sizes = new ResizeObserver(() => show(isWhole));
  sizes.observe(body);
  return more;
}
