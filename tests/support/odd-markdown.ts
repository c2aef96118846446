/** What makes Markdown hard to read, for texts put together by chance. Pictures more often than the rest. */
export const MARKDOWN_PIECES: readonly [string, ...string[]] = [
  "![a](u)",
  ...["![a](u)", "![a](u)", "![](u)", "![a][b]", "![a]", "![", "!", "!!"],
  ...["[", "]", "](", "](u)", "(", ")", "[a]", "[x](y)", "[x](`", '"`")', "\\]", "\\!", "\\"],
  ...["\n[a]: /u\n", '[a]: u "t', "[a]\n: u", "\n- [a]: /u\n", "[^1]", "\n[^1]: ", "&#33;"],
  ...["`", "``", "```", "````", "`x`", "`![a](u)`", "``![a](u)``", "\\`", "~", "~~"],
  ...["\n```\n", "\n~~~\n", "```js", "``` a b", "\n```\n![a](u)\n```\n", "\n````\n", "```\n"],
  ...["\n", "\n", "\n\n", "\n\n", "\r", "\r\n", "\u2424", "\u2028", "\u00a0", "\v", "\0"],
  ...[" ", "  ", "    ", "\t", "\n    ", "\n\n    ", "\n  ", "x", "foo", "bar\n"],
  ...["- ", "\n- ", "\n  - ", "* ", "1. ", "\n1. ", "\n2) ", "> ", "\n> ", "\n>", "# ", "\n+ "],
  ...["---", "\n---\n", "\n===\n", "***", "*", "**", "_", "__", "$", "|", "| ", "\n|---|\n"],
  ...["<", "<div>", "\n<div>\n", "</div>", '<a href="', '">', "<!--", "-->", "<http://x.y/"],
  ...["http://x.y/", "www.a.b/", "a@b.c", "note:", ":a:", "@bob", "#tag", '"', "'", "{", "}"],
];

/** Fewer kinds of pieces in one text bring more of them together. */
export function oddMarkdown(next: () => number): string {
  const pick = (from: readonly [string, ...string[]]): string =>
    from[Math.floor(next() * from.length)] ?? from[0];
  const pieces: [string, ...string[]] = ["![a](u)"];
  for (let count = 3 + next() * 12; count > 0; count -= 1) pieces.push(pick(MARKDOWN_PIECES));
  let text = "";
  for (let count = 1 + next() * (next() < 0.5 ? 8 : 25); count > 0; count -= 1)
    text += pick(pieces);
  return text;
}
