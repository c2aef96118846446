import { clip, oneLine } from "./markdown/chars.ts";
import { counted } from "./usage.ts";

/** Why the queue does not go on by itself. */
export type WhyHeld = "stopped" | "failed" | "old";

const WHY: Readonly<Record<WhyHeld, string>> = {
  stopped: "because the run was stopped",
  failed: "because the run before them failed",
  old: "because they are from more than 15 minutes before this session was live again",
};

const SHOWN = 15;
const MOST_CHARS = 200;

/** The queued prompts by the numbers that `!unqueue` takes. */
function queueLines(texts: readonly string[]): string {
  const lines = texts
    .slice(0, SHOWN)
    .map((text, at) => `> ${at + 1}. ${clip(oneLine(text), MOST_CHARS) || "…"}`);
  const more = texts.length - lines.length;
  return [...lines, ...(more > 0 ? [`> … and ${more} more`] : [])].join("\n");
}

const HOW = "▶️ runs them, 🗑️ drops them.";

/** Prompts that wait for the owner's word. */
export function queueHeldNotice(texts: readonly string[], why: WhyHeld): string {
  const count = counted(texts.length, "queued prompt");
  const verb = texts.length === 1 ? "waits" : "wait";
  return `📥 **${count} ${verb}**, ${WHY[why]}. ${HOW}\n${queueLines(texts)}`;
}

/** What `!queue` lists. */
export function queueListNotice(texts: readonly string[], isHeld: boolean): string {
  if (texts.length === 0)
    return "Nothing is queued here. `!queue TEXT` runs TEXT when this run is over.";
  const when = isHeld ? `They wait for you: ${HOW}` : "Run in this order when the run is over:";
  return `📥 ${counted(texts.length, "queued prompt")}. ${when}\n${queueLines(texts)}\n\`!unqueue N\` or ❌ on its post takes one out.`;
}

export const queueRunsNotice = (count: number): string =>
  `▶️ ${counted(count, "queued prompt")} ${count === 1 ? "runs" : "run"} now, one after the other.`;

export const queueDroppedNotice = (count: number): string =>
  count === 0
    ? "🗑️ Nothing was queued any more."
    : `🗑️ ${counted(count, "queued prompt")} ${count === 1 ? "was" : "were"} dropped.`;

/** What was taken out is named: the numbers may have moved since it was listed. */
export function queueTakenNotice(texts: readonly string[]): string {
  const what = texts.length === 1 ? "One prompt was" : `${texts.length} prompts were`;
  const lines = texts.slice(0, SHOWN).map((text) => `> ${clip(oneLine(text), MOST_CHARS) || "…"}`);
  return [`🗑️ ${what} taken out of the queue.`, ...lines].join("\n");
}

/** A queued post that the owner has edited to nothing. */
export const queueEmptyNotice = (): string =>
  "Nothing was sent: there is no text in it any more, so it was taken out of the queue.";

/** A queued post that the owner has edited to another command. */
export const queueCommandNotice = (name: string): string =>
  `Nothing was sent: \`!${name}\` is a command now, so it was taken out of the queue. Send \`!${name}\` in a post of its own.`;

/** What is left in the queue of a session that is over; empty where nothing is. */
export function queueLeftNotice(count: number): string {
  if (count === 0) return "";
  const verb = count === 1 ? "waits" : "wait";
  return ` · ${counted(count, "queued prompt")} ${verb} for it`;
}
