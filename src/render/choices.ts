import { OPTION_MARKS } from "../models/option-marks.ts";
import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText } from "./markdown/markup.ts";
import { visibleText } from "./markdown/visible-text.ts";

/** Something to choose by its number. */
export interface Choice {
  /** What is chosen: what the command takes. */
  readonly value: string;
  readonly about: string;
  /** Choices of one group stand together. */
  readonly group?: string;
  readonly isNow?: boolean;
}

/** More than these are not listed one by one. */
export const MOST_CHOICES = 30;
const MOST_ABOUT_CHARS = 120;

/** A list on which a number can be tapped, or typed while it is the thread's newest post. */
export function renderChoices(lead: string, choices: readonly Choice[]): string {
  const groups = Map.groupBy(choices, ({ group = "" }) => group);
  const inOrder = [...groups.values()].flat();
  const lines = [...groups].flatMap(([group, members]) => [
    ...(group === "" ? [] : [`**${escapeText(group)}**`]),
    ...members.map((choice) => line(choice, inOrder.indexOf(choice) + 1)),
  ]);
  const how =
    choices.length <= OPTION_MARKS.length
      ? "Tap a number, or reply with it now."
      : "Reply with a number now, or say more words.";
  return [lead, ...lines, how].join("\n");
}

function line({ value, about, isNow }: Choice, number: number): string {
  const text = escapeText(clip(oneLine(about), MOST_ABOUT_CHARS));
  const parts = [text, isNow ? "now" : ""].filter(Boolean).join(" · ");
  return `**${number}** · \`${shown(value)}\`${parts === "" ? "" : ` – ${parts}`}`;
}

/** A name that would look like another one, or like more of the list, shows its odd characters, and is not found by them. */
const shown = (value: string): string =>
  visibleText(value).replaceAll("`", "⟨U+0060⟩").replaceAll(/\r?\n/g, "⟨U+000A⟩");

/** What a number on such a list stands for; `undefined` where it has none such, or is none any more. */
export function readChoice(list: string, number: number): string | undefined {
  const found = [...list.matchAll(/^\*\*(\d+)\*\* · `([^`\n]+)`/gm)];
  return found.find(([, digits]) => Number(digits) === number)?.[2];
}

export const countChoices = (list: string): number =>
  [...list.matchAll(/^\*\*\d+\*\* · `[^`\n]+`/gm)].length;
