// What the keyboard does beside Tab and Enter.

/** Where a key leads, in a list of this length. */
function target(key: string, at: number, count: number): number | undefined {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === "ArrowDown") return Math.min(at + 1, count - 1);
  if (key === "ArrowUp") return at < 0 ? count - 1 : Math.max(at - 1, 0);
  return undefined;
}

const isTyping = (element: Element | null): boolean =>
  element?.matches("textarea, input, .body *") ?? false;
const isPlain = ({ altKey, ctrlKey, metaKey, shiftKey, isComposing }: KeyboardEvent): boolean =>
  !(altKey || ctrlKey || metaKey || shiftKey || isComposing);

/** The arrows, Home and End go through the threads of the list, from wherever nothing is typed; Escape leaves a thread. */
export function listenToKeys(list: HTMLElement, leave: () => void): void {
  document.addEventListener("keydown", (event) => {
    if (!isPlain(event)) return;
    if (event.key === "Escape") leave();
    const focused = document.activeElement;
    const isFree = focused === document.body || list.contains(focused);
    if (!isFree || isTyping(focused)) return;
    const doors = [...list.querySelectorAll<HTMLElement>(".replies")];
    const here = focused?.closest(".post") ?? list.querySelector(".selected");
    const at = doors.findIndex((door) => here?.contains(door));
    const door = doors[target(event.key, at, doors.length) ?? -1];
    if (door === undefined) return;
    event.preventDefault();
    door.focus();
    door.closest(".post")?.scrollIntoView({ block: "nearest" });
  });
}

/** The way back from a thread: the card that it was opened from. */
export function focusCard(list: HTMLElement, rootId: string): void {
  const doors = [...list.querySelectorAll<HTMLElement>(".card .replies")];
  doors.find((door) => door.closest<HTMLElement>(".card")?.dataset["id"] === rootId)?.focus();
}
