import { type Node, Parser } from "commonmark";
import { lexer, type Token, type Tokens, walkTokens } from "marked";

const commonMark = new Parser();

function nodesInCommonMark(text: string): readonly Node[] {
  const nodes: Node[] = [];
  const walker = commonMark.parse(text).walker();
  for (let step = walker.next(); step; step = walker.next())
    if (step.entering) nodes.push(step.node);
  return nodes;
}

function tokensInGitHubFlavour(text: string): readonly Token[] {
  const tokens: Token[] = [];
  void walkTokens(lexer(text, { gfm: true }), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** Which of two independent readers of Markdown would show a picture. */
export function readersOfPictures(text: string): readonly string[] {
  return [
    ...(nodesInCommonMark(text).some(({ type }) => type === "image") ? ["CommonMark"] : []),
    ...(tokensInGitHubFlavour(text).some(({ type }) => type === "image") ? ["GitHub"] : []),
  ];
}

interface Link {
  readonly address: string;
  /** What the person sees of it. */
  readonly label: string;
}

/** The links in a text, as each of the two readers sees them. */
export function linksIn(text: string): readonly (readonly Link[])[] {
  const common = nodesInCommonMark(text)
    .filter(({ type }) => type === "link")
    .map((node) => ({ address: node.destination ?? "", label: textIn(node) }));
  const github = tokensInGitHubFlavour(text)
    .filter(isLink)
    .map(({ href, tokens }) => ({ address: href, label: tokens.map(plain).join("") }));
  return [common, github];
}

const isLink = (token: Token): token is Tokens.Link => token.type === "link";

function textIn(link: Node): string {
  let text = "";
  for (let child = link.firstChild; child; child = child.next) text += child.literal ?? "";
  return text;
}

const plain = (token: Token): string =>
  ("text" in token ? token.text : token.raw).replace(/&(?:#(\d+)|(\w+));/g, decoded);

function decoded(_: string, number: string | undefined, name: string | undefined): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  return number ? String.fromCodePoint(Number(number)) : (named[name ?? ""] ?? "");
}
