import type { Post } from "../models/chat.ts";
import type { ParsedCommand, Place, Route } from "../models/routing.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";
import { isNearMiss, namesOf } from "./command-names.ts";

/** A command that exists, and where it works. */
export interface CommandName {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly where: readonly Place[];
  /** Works in a thread whose session is over too. */
  readonly whenEnded?: boolean;
  /** Waits for its turn behind what was written before. */
  readonly inTurn?: boolean;
  readonly atOnce?: boolean;
  /** Empty where nothing may follow the name; without brackets where something has to. */
  readonly args?: string;
  readonly example?: string;
  readonly alsoTyped?: readonly string[];
  readonly anyAge?: boolean;
}

/** Where a post of the owner stands: in the channel itself, or in a thread and what is known of that thread. */
export type Position =
  | { readonly place: "main" }
  | {
      readonly place: "thread";
      readonly status: ThreadStatus | "unknown";
      /** Whether its session works on something. */
      readonly works?: boolean;
    };

/** Pure. What a post of the owner is, whatever kind of post. */
export function routePost(
  { type, message, files }: Pick<Post, "type" | "message" | "files">,
  position: Position,
  commands: readonly CommandName[],
): Route {
  if (type === "me") return { type: "me-post" };
  const isBlank = /^[\s\p{Z}\p{Cf}\u2800\u3164]*$/u.test(message) && files.length === 0;
  return isBlank ? { type: "blank" } : routeMessage(message, position, commands);
}

/**
 * Pure. A word after `!` that is no command and is not nearly one is part of a prompt; a near miss is asked about,
 * because a typing error must not reach the model as a prompt.
 */
export function routeMessage(
  message: string,
  position: Position,
  commands: readonly CommandName[],
): Route {
  const parsed = parseCommand(message);
  if (position.place === "thread" && position.status === "unknown")
    return { type: "unknown-thread" };
  const route = parsed
    ? commandRoute(parsed, position, commands)
    : punctuated(message, position, commands);
  if (route) return route;
  if (position.place === "main") return { type: "main-dm-prompt" };
  if (position.status !== "active" && position.status !== "unknown")
    return { type: "ended-session", status: position.status };
  const meant = position.works ? commandMeant(message, commands) : undefined;
  return { type: "thread-prompt", ...(meant && { meant }) };
}

/** "stop", "Stop it, please", `!abort`: nothing but a word for a command. */
function commandMeant(message: string, commands: readonly CommandName[]): string | undefined {
  const [, word = "", rest = ""] =
    /^[\s!！]*(?:please\s+)?([a-z]+)(.*)$/is.exec(message.toLowerCase()) ?? [];
  if (!isCourtesy(rest)) return undefined;
  return commands.find(({ alsoTyped }) => alsoTyped?.includes(word))?.name;
}

/** What adds nothing to a command. */
const isCourtesy = (words: string): boolean =>
  /^(?:please|pls|thanks|thank you|thx|now|it|this|that|[\s.,!…])*$/i.test(words);

/** Whether a post is acted on before those that were written earlier: only what brings something to the session waits its turn. */
export function overtakes(route: Route, commands: readonly CommandName[]): boolean {
  if (route.type === "thread-prompt") return false;
  const { name = "" } = route.type === "command" ? route.command : {};
  return !commands.some((command) => command.name === name && command.inTurn);
}

/** Whether a post is a command that may take its time: it overtakes prompts, and nothing that is done at once waits for it. */
export function isAside(route: Route, commands: readonly CommandName[]): boolean {
  const { name = "" } = route.type === "command" ? route.command : {};
  return commands.some((command) => command.name === name && !command.inTurn && !command.atOnce);
}

/** Whether a post is acted on however late it comes. */
export function isOfAnyAge(route: Route, commands: readonly CommandName[]): boolean {
  const { name = "" } = route.type === "command" ? route.command : {};
  return commands.some((command) => command.name === name && command.anyAge);
}

/** What is put around all of a command by somebody who copies or quotes it; a mention before it; a sign that is no `!`. */
const WRAPPED = /^[`*_~"“”„«»]+([!！❗❕][^\n`*~"“”„«»]*?)[`*_~"“”„«»]+$/u;
const MENTION = /^@[\w.-]+[\s,:]+(?=[!！❗❕])/u;
const UNSEEN = /^[\s\p{Cf}]+|(?<=^[!！])\p{Cf}+|(?<![\s\p{Cf}])[\s\p{Cf}]+$/gu;
const SIGNS = /^[❗❕]\u{FE0F}?/u;

/** A message as it was meant where it is a command: whatever keyboard, clipboard or habit put around it is gone. */
const bare = (message: string): string =>
  message
    .replace(UNSEEN, "")
    .replace(MENTION, "")
    .replace(WRAPPED, "$1")
    .replace(SIGNS, "!")
    .replace(UNSEEN, "");

/** `undefined` where the message does not begin with `!`, as any keyboard writes it, and a letter. */
export function parseCommand(message: string): ParsedCommand | undefined {
  const match = /^[!！](\s*)([a-z][\w-]*)(?:\s+([\s\S]*))?$/i.exec(bare(message));
  if (!match) return undefined;
  const [, blanks = "", name = "", args = ""] = match;
  return { name: name.toLowerCase(), args: args.trim(), ...(blanks !== "" && { isLoose: true }) };
}

/** The kill switch works everywhere, and while everything else is off. */
export function isLockCommand(message: string): boolean {
  const { name = "", args = "" } = parseCommand(message) ?? {};
  return ["lock", "unlock"].includes(name) && isCourtesy(args);
}

function commandRoute(
  parsed: ParsedCommand,
  position: Position,
  commands: readonly CommandName[],
): Route | undefined {
  const here = commands.filter((c) => c.where.includes(position.place));
  const isTyped = (c: CommandName): boolean => namesOf(c).includes(parsed.name);
  const exact = here.find(isTyped);
  if (exact) return exactRoute(exact, parsed, position);
  if (parsed.isLoose && parsed.args !== "") return undefined;
  const [worksIn] = commands.find(isTyped)?.where ?? [];
  if (worksIn) return { type: "wrong-place", name: parsed.name, worksIn };
  if (parsed.isLoose) return undefined;
  const near = [...here, ...commands].find((c) =>
    namesOf(c).some((name) => isNearMiss(parsed.name, name)),
  );
  return near && { type: "unknown-command", typed: parsed.name, meant: near.name };
}

/** A command that works here. `undefined` where the session is over: then that is the answer. */
function exactRoute(
  { name, args: takes, example = "", whenEnded }: CommandName,
  { args }: ParsedCommand,
  position: Position,
): Route | undefined {
  const over = position.place === "thread" && position.status !== "active";
  if (over && !whenEnded) return undefined;
  if (takes === "" && !isCourtesy(args)) return { type: "needless-words", name };
  const isMissing = args === "" && takes !== undefined && /^[^[]/.test(takes);
  if (isMissing) return { type: "missing-words", name, args: takes, example };
  const command = { name, args: takes === "" ? "" : args };
  return { type: "command", place: position.place, command };
}

/**
 * `!no, because …` is that command where something may follow it. `!stop!` or `!help?`: what is meant is asked, because it must not
 * reach the model.
 */
function punctuated(
  message: string,
  position: Position,
  commands: readonly CommandName[],
): Route | undefined {
  const match = /^[!！]([a-z][\w-]*)([.,:;!?…]+)(?:\s+([\s\S]*))?$/i.exec(bare(message));
  const [, typed = "", sign = "", rest = ""] = match ?? [];
  const name = typed.toLowerCase();
  const named = commands.filter((c) => namesOf(c).includes(name));
  const here = named.find((c) => c.where.includes(position.place));
  const meant = here ?? named[0];
  if (!meant) return undefined;
  if (here?.args && /^[.,:;]$/.test(sign) && rest.trim() !== "") {
    return commandRoute({ name, args: rest.trim() }, position, commands);
  }
  return { type: "unknown-command", typed: `${name}${sign}`, meant: meant.name };
}
