import type { SessionBegin } from "../models/session-begin.ts";
import { inlineCode } from "../render/markdown/markup.ts";

/** What follows a project in `!new`, or what is unclear about it. */
export type NewOptions =
  | { readonly kind: "clear"; readonly begin: SessionBegin }
  | { readonly kind: "unclear"; readonly why: string };

/** Phones make one dash of two. */
const OPTION = /^(?:--|[—–])([\p{L}][\p{L}\d-]*)(?:=|(?=\s|$))/u;
const NO_MORE = /^(?:--|[—–])(?=\s|$)/;
const VALUE = /^(?:"([^"\n]+)"|“([^”\n]+)”|„([^“”\n]+)[“”]|'([^'\n]+)'|(\S+))/;
/** What nobody would begin a sentence with. */
const LOOKS_LIKE_A_NAME = /^(?=.*[-_./\d])[\w./-]+$/;
const MAY_BE_A_NAME = /^[a-z]+$/;

/** Pure. The options come first, in any order; what follows them is the prompt, as it is written. */
export function readOptions(text: string): NewOptions {
  let rest = text.trimStart();
  let begin: Omit<SessionBegin, "prompt"> = {};
  for (;;) {
    const [head, name = ""] = OPTION.exec(rest) ?? [];
    if (head === undefined) break;
    const taken = readOption(name.toLowerCase(), head.endsWith("="), rest.slice(head.length));
    if ("why" in taken) return { kind: "unclear", why: taken.why };
    begin = { ...begin, ...taken.begin };
    rest = taken.rest;
  }
  const prompt = rest.replace(NO_MORE, "").trim();
  return { kind: "clear", begin: { ...begin, prompt } };
}

type Taken =
  | { readonly begin: Omit<SessionBegin, "prompt">; readonly rest: string }
  | { readonly why: string };

function readOption(name: string, isJoined: boolean, behind: string): Taken {
  const [written = "", ...quoted] = VALUE.exec(isJoined ? behind : behind.trimStart()) ?? [];
  const value = quoted.find((part) => part !== undefined) ?? "";
  const rest = (isJoined ? behind : behind.trimStart()).slice(written.length).trimStart();
  if (name === "worktree") {
    const isQuoted = written !== value;
    return readWorktree({ value, isSure: isJoined || isQuoted, rest, without: behind.trimStart() });
  }
  if (name !== "model" && name !== "agent") {
    return {
      why: `There is no option ${inlineCode(`--${name}`)}: there are \`--worktree\`, \`--model\` and \`--agent\`. Put \`--\` before a prompt that begins with dashes.`,
    };
  }
  if (value === "" || OPTION.test(written)) {
    return { why: `\`--${name}\` needs a name, such as \`--${name}=${EXAMPLES[name]}\`.` };
  }
  return { begin: { [name]: value }, rest };
}

const EXAMPLES = { model: "sonnet", agent: "plan" } as const;

/** Its name may be left out: then the next word begins the prompt. */
function readWorktree(found: {
  readonly value: string;
  readonly isSure: boolean;
  readonly rest: string;
  readonly without: string;
}): Taken {
  const { value, rest, without } = found;
  const named = { begin: { worktree: value }, rest };
  const unnamed = { begin: { worktree: "" }, rest: without };
  if (value === "" || OPTION.test(value) || NO_MORE.test(value)) return unnamed;
  if (found.isSure || LOOKS_LIKE_A_NAME.test(value)) return named;
  if (!MAY_BE_A_NAME.test(value)) return unnamed;
  if (rest === "" || OPTION.test(rest) || NO_MORE.test(rest)) return named;
  return {
    why: `Is ${inlineCode(value)} the worktree's name, or does the prompt begin with it? Write \`--worktree=${value}\`, or \`--worktree --\` before the prompt. Nothing was started.`,
  };
}
