/** An emoji with what belongs to it, flags of countries' parts too: what joins them is no more than it seems. */
const PICTOGRAPH = String.raw`\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?`;
const REGION_FLAG = String.raw`\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}`;
const EMOJI = String.raw`${REGION_FLAG}|${PICTOGRAPH}(?:\u200D${PICTOGRAPH}){0,9}|[0-9#*]\uFE0F\u20E3`;
/**
 * What shows as nothing, as an odd blank, or changes how its neighbours are shown: controls, formats, surrogates, every blank
 * but the plain one, what Unicode lets a font leave out or no font knows, the letters and signs that are drawn empty, and marks
 * that are drawn over others or stand in towers.
 */
const HIDDEN = String.raw`\r(?!\n)|[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u0334-\u0338\u20D0-\u20F0\u2800\u2D7F\uFFFC\u{1107F}\u{13441}\u{13442}\u{16FE4}\u{1D159}]--[\t\n\r\x20]]`;
const EMOJI_OR_HIDDEN = new RegExp(`(?:${EMOJI})|(?<hidden>${HIDDEN})\\k<hidden>*`, "gv");
/** More marks on one letter than any writing has. */
const TOWER = /(\p{M}{4})(\p{M}+)/gu;
const SAME = /(.)\1*/gu;
const PLAIN = /^[\t\n\x20-\x7e]*$/;

/** Longer runs of one character are counted. */
const MAX_SAME = 3;
const MAX_BLANKS = 40;
const MAX_EMPTY_LINES = 3;

/**
 * What a person must judge, so that nothing in it is out of sight: hidden characters as their codes, long runs of blanks and of
 * empty lines as their number. The same where it is given twice.
 */
export function visibleText(text: string): string {
  const coded = PLAIN.test(text) ? text : withCodes(text);
  return coded.replace(/[\t\n\r ]{2,}/g, counted);
}

function withCodes(text: string): string {
  return text
    .replace(EMOJI_OR_HIDDEN, (found, hidden: string | undefined) =>
      hidden === undefined ? found : coded(found, hidden),
    )
    .replace(TOWER, (_, base: string, above: string) => base + above.replace(SAME, coded));
}

/** A run of one character. */
function coded(run: string, char: string): string {
  const count = run.length / char.length;
  return count > MAX_SAME ? `⟨${count} × ${codeOf(char)}⟩` : `⟨${codeOf(char)}⟩`.repeat(count);
}

const codeOf = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

function counted(space: string): string {
  const lines = space.split("\n");
  const between = lines.length - 2;
  const [before = ""] = lines;
  const after = lines.at(-1) ?? "";
  return between > MAX_EMPTY_LINES
    ? `${blanks(before)}\n⟨${between} empty lines⟩\n${blanks(after)}`
    : lines.map(blanks).join("\n");
}

function blanks(run: string): string {
  const count = run.replace("\r", "").length;
  return count > MAX_BLANKS ? `⟨${count} blanks⟩` : run;
}
