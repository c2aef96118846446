import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";

const MAX_REASON_CHARS = 300;

/** A voice message that neither a service nor the model can hear. */
export const deafNotice = (name: string): string =>
  `${inlineCode(name)} was not heard: nothing is set up for that, and the model takes no sound. Set \`transcription\` in the plugin's options (its README says how), or write it.`;

/** A voice message whose transcription failed. */
export const notHeardNotice = (name: string, reason: string): string =>
  `${inlineCode(name)} could not be turned into text: ${escapeText(clip(oneLine(reason), MAX_REASON_CHARS))}. Send it again, or write it.`;

/** A voice message without a word in it. */
export const nothingHeardNotice = (name: string): string =>
  `No words were heard in ${inlineCode(name)}. Send it again, or write it.`;
