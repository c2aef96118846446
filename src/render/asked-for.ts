import type { Argument, PermissionRequest } from "../models/host-event.ts";
import type { CallInput } from "../state/thread-state.ts";
import { countChars } from "./markdown/chars.ts";
import { endsOf } from "./markdown/ends-of.ts";
import { codeBlock, escapeText, inlineCode } from "./markdown/markup.ts";
import { visibleText } from "./markdown/visible-text.ts";
import { relativePath } from "./relative-path.ts";

/** A text that a person must judge, visible throughout. */
interface Section {
  readonly name: string;
  readonly text: string;
  readonly language: string;
}

/** What a request asks for. */
export interface AskedFor {
  /** Whole, as Markdown. */
  readonly body: string;
  /** Whole, for a file. */
  readonly file: { readonly name: string; readonly text: string };
  /** The beginning and the end of what is long, as Markdown of at most `maxChars`. */
  shortened(maxChars: number): string;
}

/** All that is known of what a request asks for, each thing once: what it says itself, then the rest of its call's input. */
export function askedFor(
  request: PermissionRequest,
  input: CallInput | undefined,
  directory: string,
): AskedFor {
  const own = ownSections(request, directory);
  const args = argumentsLeft(request, input, directory).map(sectionOf);
  const sections = [...own, ...args];
  return {
    body: wholeOf(sections),
    file: {
      name: args.length > 0 ? "request.txt" : fileName(request),
      text: sections.map(inFile).join("\n"),
    },
    shortened(maxChars) {
      const groups = [own, args].filter((group) => group.length > 0);
      return shareOut(groups, maxChars).join("\n");
    },
  };
}

/** The command, the change, or the patterns; patterns that the others do not show. */
function ownSections(request: PermissionRequest, directory: string): readonly Section[] {
  const { command = "", diff = "" } = request;
  return [
    { name: "", text: command, language: "sh" },
    { name: "", text: placeOf(request, directory), language: "" },
    { name: "", text: diff, language: "diff" },
    { name: "", text: shownPatterns(request, directory).join("\n"), language: "" },
  ]
    .filter(({ text }) => text !== "")
    .map((section) => ({ ...section, text: visibleText(section.text) }));
}

const placeOf = ({ path = "" }: PermissionRequest, directory: string): string =>
  path === "" ? "" : relativePath(path, directory);

function shownPatterns(request: PermissionRequest, directory: string): readonly string[] {
  const { command = "", path = "", patterns } = request;
  const known = [command, placeOf(request, directory), path].join("\n");
  return patterns.filter((pattern) => pattern !== "*" && !known.includes(pattern));
}

/** What the call was given and nothing above shows; where that is not known, what else the request says. */
function argumentsLeft(
  request: PermissionRequest,
  input: CallInput | undefined,
  directory: string,
): readonly Argument[] {
  const { command, path, diff = "", details = [] } = request;
  if (input !== undefined && input !== "unknown" && input.isEdit && diff !== "") return [];
  const patterns = shownPatterns(request, directory);
  const shown = [command, path, placeOf(request, directory), ...patterns].filter(Boolean);
  const args = input === undefined || input === "unknown" ? details : input.args;
  return args.filter(
    ({ text, isText }) =>
      !isText || !(shown.includes(text) || shown.includes(relativePath(text, directory))),
  );
}

const sectionOf = ({ name, text }: Argument): Section => ({
  name: visibleText(name),
  text: visibleText(text),
  language: "",
});

function fileName({ command = "", diff = "" }: PermissionRequest): string {
  if (command !== "") return "command.sh";
  return diff === "" ? "request.txt" : "change.diff";
}

/** One line as inline code, because a code block does not wrap on a phone. */
function whole({ name, text, language }: Section): string {
  const label = name === "" ? "" : `${escapeText(name)}:`;
  if (language === "diff" || text.trim().includes("\n"))
    return [label, codeBlock(text, language)].filter(Boolean).join("\n");
  const value = inlineCode(text.trim()) || (text === "" ? "(empty)" : "(blank)");
  return [label, value].filter(Boolean).join(" ");
}

function inFile({ name, text }: Section): string {
  if (name === "") return text;
  return text.includes("\n") ? `${name}:\n${text}` : `${name}: ${text}`;
}

function inOne(group: Group): Section {
  const [only, ...more] = group;
  if (only && more.length === 0 && only.name === "") return only;
  const language = group.map((section) => section.language).find(Boolean) ?? "";
  return { name: "", text: group.map(inFile).join("\n"), language };
}

type Group = readonly Section[];

const wholeOf = (group: Group): string => group.map(whole).join("\n");

/** The short ones first: what they do not need is for the others. */
function shareOut(groups: readonly Group[], maxChars: number): readonly string[] {
  const shown = new Map<Group, string>();
  let room = maxChars - groups.length;
  const bySize = groups.toSorted((a, b) => countChars(wholeOf(a)) - countChars(wholeOf(b)));
  bySize.forEach((group, at) => {
    const text = fitted(group, Math.floor(room / (groups.length - at)));
    room -= countChars(text);
    shown.set(group, text);
  });
  return groups.map((group) => shown.get(group) ?? "");
}

/** Backticks in a text make what stands around it longer, by no more than twice the text. */
function fitted(group: Group, maxChars: number): string {
  const all = wholeOf(group);
  if (countChars(all) <= maxChars) return all;
  const one = inOne(group);
  const shortened = ends(one, maxChars - 20);
  return countChars(shortened) <= maxChars ? shortened : ends(one, Math.floor(maxChars / 3) - 20);
}

function ends({ text, language }: Section, maxChars: number): string {
  const cut = endsOf(text.trim(), maxChars);
  if (cut === undefined) return whole({ name: "", text, language });
  const { head, left, tail } = cut;
  const isLines = `${head}${tail}`.includes("\n");
  return isLines
    ? codeBlock(`${head}\n${left}\n${tail}`, language)
    : [inlineCode(head), left, inlineCode(tail)].filter(Boolean).join("\n");
}
