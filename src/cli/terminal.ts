/** Where a command writes: what it has to say, and what went wrong. */
export interface Terminal {
  say(line: string): void;
  complain(line: string): void;
}
