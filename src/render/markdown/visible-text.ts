const HIDDEN = /\r(?!\n)|(?![\r\n\t\u200d])[\p{Cc}\p{Cf}]/gu;

/** What a person must judge, with characters that would hide or reorder parts of it written as their codes. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}
