import { parseArgs } from "node:util";
import type { StandInOptions } from "./api.ts";

/** How the command was asked to run. */
export interface Command {
  readonly json: boolean;
  readonly options: StandInOptions;
}

/** How to call the command. */
const usage = `bun run stand-in [--port N] [--json] [--mattermost 9.9|5.37] [--users a,b] [--bot NAME]

  --port N          listen on 127.0.0.1:N (default: any free port)
  --json            print one line of JSON: {url, botToken, botId, users: {NAME: {id, token}}}
  --mattermost V    answer as 9.9 (default) or as 5.37
  --users a,b       the users' names (default: alice,mallory)
  --bot NAME        the bot's name (default: opencode)

While it runs, faults are switched by POST /stand-in/faults, for example
  {"fault": "rateLimited", "scope": {"method": "POST", "path": "^/posts", "times": 3}}`;

const flags = {
  port: { type: "string" },
  json: { type: "boolean", default: false },
  mattermost: { type: "string", default: "9.9" },
  users: { type: "string", default: "alice,mallory" },
  bot: { type: "string", default: "opencode" },
} as const;

/** Reads the command line; a text says what is wrong with it and what to do. */
export function readArguments(given: readonly string[]): Command | string {
  const parsed = parse(given);
  if (typeof parsed === "string") return parsed;
  const { port, json, mattermost, users, bot } = parsed;
  const number = port === undefined ? 0 : Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    return `--port ${port} is not a port. Give a number from 0 to 65535.`;
  }
  if (mattermost !== "9.9" && mattermost !== "5.37") {
    return `--mattermost ${mattermost} is not on record. Give 9.9 or 5.37.`;
  }
  const names = users.split(",").map((name) => name.trim());
  const wrong = [bot, ...names].find((name) => !/^[a-z][a-z0-9._-]*$/.test(name));
  if (wrong !== undefined) {
    return `"${wrong}" is not a username. Use small letters, digits, and . _ -, a letter first.`;
  }
  if (new Set([bot, ...names]).size <= names.length) {
    return "Two accounts have the same name. Give every user and the bot a name of its own.";
  }
  return { json, options: { port: number, version: mattermost, users: names, bot, control: true } };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: flags }).values;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${usage}`;
  }
}
