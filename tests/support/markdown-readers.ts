import { Parser } from "commonmark";
import { lexer, walkTokens } from "marked";

const commonMark = new Parser();

function inCommonMark(text: string): boolean {
  const walker = commonMark.parse(text).walker();
  for (let step = walker.next(); step; step = walker.next()) {
    if (step.node.type === "image") return true;
  }
  return false;
}

function inGitHubFlavour(text: string): boolean {
  let found = false;
  void walkTokens(lexer(text, { gfm: true }), (token) => {
    found ||= token.type === "image";
  });
  return found;
}

/** Which of two independent readers of Markdown would show a picture. */
export function readersOfPictures(text: string): readonly string[] {
  return [
    ...(inCommonMark(text) ? ["CommonMark"] : []),
    ...(inGitHubFlavour(text) ? ["GitHub-flavoured"] : []),
  ];
}
