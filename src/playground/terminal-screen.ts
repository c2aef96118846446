export interface TerminalScreen {
  /** Takes what a program printed; returns what a terminal answers to the questions in it. */
  write(text: string): string;
  /** The text on the screen, without the blanks at the ends of lines. */
  text(): string;
}

// A control sequence, a string sequence (OSC, DCS, APC), any other escape, or one character as a person sees it.
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a terminal reads
  /\x1b\[([<-?]?)([\d;:]*)([ -/]*)([@-~])|\x1b([\]P_^X])([\s\S]*?)(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\`-~]|[\s\S]/gu;
/** What may still become a sequence once more has come. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const UNFINISHED = /\x1b(?:\[[\d;:<-?]*[ -/]*|[\]P_^X](?:(?!\x07|\x1b\\)[\s\S])*)?$/;

const BLACK = "rgb:0000/0000/0000";
const WHITE = "rgb:ffff/ffff/ffff";

/** As much of a terminal as a test needs to read a full-screen program: cursor, erasing, wide characters. */
export function createScreen(columns: number, rows: number): TerminalScreen {
  let cells: string[][] = [];
  let row = 0;
  let column = 0;
  let saved: readonly [number, number] = [0, 0];
  let rest = "";
  let answers = "";

  const clamp = (value: number, limit: number): number => Math.max(0, Math.min(limit - 1, value));
  const moveTo = (nextRow: number, nextColumn: number): void => {
    row = clamp(nextRow, rows);
    column = clamp(nextColumn, columns);
  };
  const lineOf = (index: number): string[] => {
    cells[index] ??= [];
    return cells[index];
  };
  const erase = (index: number, from: number, to: number): void => {
    const line = lineOf(index);
    for (let at = from; at < to; at += 1) line[at] = " ";
  };
  const eraseLine = (how: number): void => {
    erase(row, how === 0 ? column : 0, how === 1 ? column + 1 : columns);
  };
  const eraseScreen = (how: number): void => {
    if (how >= 2) cells = [];
    else eraseLine(how);
    const [from, to] = how === 0 ? [row + 1, rows] : [0, how === 1 ? row : 0];
    for (let index = from; index < to; index += 1) erase(index, 0, columns);
  };
  const newLine = (): void => {
    if (row < rows - 1) row += 1;
    else cells = cells.slice(1);
  };

  /** Control sequences by their last character; `a` and `b` are their numbers, 0 when left out. */
  const control: Record<string, (a: number, b: number) => void> = {
    A: (a) => moveTo(row - (a || 1), column),
    B: (a) => moveTo(row + (a || 1), column),
    C: (a) => moveTo(row, column + (a || 1)),
    D: (a) => moveTo(row, column - (a || 1)),
    G: (a) => moveTo(row, (a || 1) - 1),
    H: (a, b) => moveTo((a || 1) - 1, (b || 1) - 1),
    J: eraseScreen,
    K: eraseLine,
    X: (a) => erase(row, column, Math.min(columns, column + (a || 1))),
    d: (a) => moveTo((a || 1) - 1, column),
    n: (a) => {
      if (a === 6) answers += `\x1b[${row + 1};${column + 1}R`;
    },
    s: () => {
      saved = [row, column];
    },
    u: () => moveTo(...saved),
  };

  const print = (character: string): void => {
    const width = Bun.stringWidth(character);
    if (width === 0) return;
    if (column + width > columns) {
      column = 0;
      newLine();
    }
    lineOf(row)[column] = character;
    if (width === 2) lineOf(row)[column + 1] = "";
    column += width;
  };

  const plain = (character: string): void => {
    if (character === "\r") column = 0;
    else if (character === "\n") newLine();
    else if (character === "\b") column = clamp(column - 1, columns);
    else print(character);
  };

  const operatingSystem = (command: string): void => {
    if (command === "10;?") answers += `\x1b]10;${WHITE}\x07`;
    if (command === "11;?") answers += `\x1b]11;${BLACK}\x07`;
  };

  const take = (token: RegExpMatchArray): void => {
    const [all, mark, numbers = "", , last, string, body = ""] = token;
    if (last !== undefined) {
      const [a = 0, b = 0] = numbers.split(";").map(Number);
      if (mark === "") control[last]?.(a, b);
    } else if (string === "]") operatingSystem(body);
    else if (!all.startsWith("\x1b")) plain(all);
  };

  return {
    write(text) {
      const input = rest + text;
      rest = input.match(UNFINISHED)?.[0] ?? "";
      for (const token of input.slice(0, input.length - rest.length).matchAll(TOKEN)) take(token);
      const answer = answers;
      answers = "";
      return answer;
    },
    text: () =>
      Array.from({ length: rows }, (_, index) =>
        Array.from(cells[index] ?? [], (cell) => cell ?? " ")
          .join("")
          .trimEnd(),
      ).join("\n"),
  };
}
