import type { Post } from "../models/chat.ts";
import type { ParsedCommand, Place, Route } from "../models/routing.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";

/** A command that exists, and where it works. */
export interface CommandName {
  readonly name: string;
  readonly where: readonly Place[];
  /** Works in a thread whose session is over too. */
  readonly whenEnded?: boolean;
  /** Waits for its turn behind what was written before. */
  readonly inTurn?: boolean;
  /** Empty where nothing may follow the name. */
  readonly args?: string;
  readonly alsoTyped?: readonly string[];
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

/** `undefined` where the message does not begin with `!`, as any keyboard writes it, and a letter. */
export function parseCommand(message: string): ParsedCommand | undefined {
  const match = /^\s*[!！](\s*)([a-z][\w-]*)(?:\s+([\s\S]*))?$/i.exec(message);
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
  const exact = here.find((c) => c.name === parsed.name);
  if (exact) {
    const over = position.place === "thread" && position.status !== "active";
    if (over && !exact.whenEnded) return undefined;
    const isNeedless = exact.args === "" && !isCourtesy(parsed.args);
    if (isNeedless) return { type: "needless-words", name: exact.name };
    const args = exact.args === "" ? "" : parsed.args;
    return { type: "command", place: position.place, command: { name: exact.name, args } };
  }
  if (parsed.isLoose) return undefined;
  const elsewhere = commands.some((c) => c.name === parsed.name);
  if (elsewhere) return { type: "unknown-command", typed: parsed.name, meant: "" };
  const near = here.find((c) => isNearMiss(parsed.name, c.name));
  return near && { type: "unknown-command", typed: parsed.name, meant: near.name };
}

/** `!stop!` or `!help?`: what is meant is asked, because it must not reach the model. */
function punctuated(
  message: string,
  position: Position,
  commands: readonly CommandName[],
): Route | undefined {
  const match = /^\s*[!！]([a-z][\w-]*)([.,:;!?…]+)(?:\s|$)/i.exec(message);
  const name = match?.[1]?.toLowerCase();
  const meant = commands.find((c) => c.name === name && c.where.includes(position.place));
  return meant && { type: "unknown-command", typed: `${name}${match?.[2]}`, meant: meant.name };
}

/** One letter wrong, missing, too many or swapped, in words long enough for that to mean something. */
export function isNearMiss(typed: string, name: string): boolean {
  if (Math.min(typed.length, name.length) < 4) return false;
  return distance(typed, name) === 1;
}

/** Damerau-Levenshtein distance, up to 1; 2 stands for "more". */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > 1) return 2;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const substituted = restA.slice(1) === restB.slice(1);
  const removed = restA.slice(1) === restB || restA === restB.slice(1);
  const swapped =
    restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0];
  return substituted || removed || swapped ? 1 : 2;
}
