/** What may pair with one of its kind, and so take the place of code that begins between the two. */
const PAIRED = /[*_~$]/;
/** A link's address that no client reads differently. */
const SIMPLE_ADDRESS = /\]\([^\s()<>"'`\\]*\)/y;
const ADDRESS_ENDS = /\]\s*[([]/g;

/**
 * The places of `![` in a paragraph that some client may read as a picture. Inline code is left alone where every client sees it
 * as such: on one line, and nothing before it in the paragraph can pair with something inside.
 */
export function pictureMarks(
  paragraph: string,
  about: {
    /** A text in brackets may be the name of an address elsewhere in the post. */
    readonly hasLabels: boolean;
    /** Clients agree on where its lines end. */
    readonly hasSureLines: boolean;
  },
): readonly number[] {
  const lastEnd = about.hasLabels ? paragraph.lastIndexOf("]") : lastAddress(paragraph);
  return openMarks(paragraph, about.hasSureLines).filter((at) => at < lastEnd);
}

function lastAddress(paragraph: string): number {
  let last = -1;
  for (const { index } of paragraph.matchAll(ADDRESS_ENDS)) last = index;
  return last;
}

/** Where the text so far leaves a reader of what comes. */
interface Context {
  /** Backticks can be trusted: so far every client has paired them alike. */
  sure: boolean;
  openBrackets: number;
  openAngle: boolean;
  /** The word so far may be an address, which takes in what Markdown would act on. */
  inAddress: boolean;
  readonly paired: Set<string>;
}

function openMarks(text: string, sure: boolean): readonly number[] {
  const marks: number[] = [];
  const context: Context = {
    sure,
    openBrackets: 0,
    openAngle: false,
    inAddress: false,
    paired: new Set(),
  };
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? "";
    if (char === "!" && text[at + 1] === "[") marks.push(at);
    at = char === "`" ? afterTicks(text, at, context) : afterChar(text, at, char, context);
  }
  return marks;
}

/** Notes what the character means for what follows. Returns where to go on. */
function afterChar(text: string, at: number, char: string, context: Context): number {
  if (/\s/.test(char)) context.inAddress = false;
  else if (/[:./@]/.test(char)) context.inAddress = true;
  else if (PAIRED.test(char)) context.paired.add(char);
  else if (char === "<" || char === ">") context.openAngle = char === "<";
  else if (char === "[") afterOpening(context);
  else if (char === "]") return afterBracket(text, at, context);
  else if (char === "\\") return afterBackslash(text, at, context);
  return at + 1;
}

function afterOpening(context: Context): void {
  context.openBrackets += 1;
  context.paired.add("]");
}

function afterBracket(text: string, at: number, context: Context): number {
  context.openBrackets = Math.max(0, context.openBrackets - 1);
  if (!context.sure || text[at + 1] !== "(") return at + 1;
  SIMPLE_ADDRESS.lastIndex = at;
  const [address = ""] = SIMPLE_ADDRESS.exec(text) ?? [];
  if (address === "") context.sure = false;
  return at + Math.max(1, address.length);
}

/** In an address a backslash is a part of it. */
function afterBackslash(text: string, at: number, context: Context): number {
  if (text[at + 1] === "`") context.sure = false;
  return context.inAddress ? at + 1 : at + 2;
}

/** Behind the inline code that begins here, where it is code for every client; else behind the backticks. */
function afterTicks(text: string, at: number, context: Context): number {
  const opened = runEnd(text, at);
  if (!context.sure) return opened;
  const close = closingRun(text, opened, opened - at);
  const isOpen = context.openBrackets > 0 || context.openAngle || context.inAddress;
  context.sure =
    !isOpen && close !== undefined && isSureCode(text.slice(opened, close), context.paired);
  return close !== undefined && context.sure ? runEnd(text, close) : opened;
}

/** Where the same number of backticks begins, on the same line. */
function closingRun(text: string, from: number, ticks: number): number | undefined {
  for (let at = from; at < text.length && !/[\n\r]/.test(text[at] ?? ""); ) {
    const end = Math.max(at + 1, runEnd(text, at));
    if (text[at] === "`" && end - at === ticks) return at;
    at = end;
  }
  return undefined;
}

/** Nothing in it ends what may have begun before it: a cell, an address of mail, emphasis, a label. */
function isSureCode(code: string, paired: ReadonlySet<string>): boolean {
  if (code.includes("|") || code.endsWith("\\") || /^\S*@/.test(code)) return false;
  const ends = [...paired].some((char) => char !== "]" && code.includes(char));
  return !ends && !(paired.has("]") && endsLabel(code));
}

function endsLabel(code: string): boolean {
  let open = 0;
  for (const [bracket] of code.matchAll(/[[\]]/g)) {
    open += bracket === "[" ? 1 : -1;
    if (open < 0) return true;
  }
  return false;
}

function runEnd(text: string, at: number): number {
  let end = at;
  while (text[end] === "`") end += 1;
  return end;
}
