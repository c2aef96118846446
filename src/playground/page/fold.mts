import { button } from "./element.mts";

/** What was measured: each looks whether it is tall. */
const measured = new WeakMap<Element, () => void>();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) measured.get(target)?.();
});

/** As in Mattermost, a tall post shows its beginning, and a button shows the rest. How tall is said in the style sheet. */
export function foldable(body: HTMLElement): HTMLElement {
  const more = button("more", "Show more", () => show(!isWhole()), "Show more");
  more.hidden = true;
  body.classList.add("folded");
  const isWhole = (): boolean => !body.classList.contains("folded");

  function show(whole: boolean): void {
    body.classList.toggle("folded", !whole);
    more.textContent = whole ? "Show less" : "Show more";
    more.title = more.textContent;
    more.setAttribute("aria-label", more.textContent);
    more.setAttribute("aria-expanded", String(whole));
    if (!whole) body.closest(".post")?.scrollIntoView({ block: "nearest" });
  }
  more.setAttribute("aria-expanded", "false");
  // What has the focus is seen.
  body.addEventListener("focusin", () => {
    if (!more.hidden && !isWhole()) show(true);
  });
  measured.set(body, () => {
    const isTall = isWhole() || body.scrollHeight > body.clientHeight + 1;
    if (more.hidden === isTall) more.hidden = !isTall;
  });
  sizes.observe(body);
  return more;
}
