import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isNearMiss } from "../../../src/commands/command-names.ts";
import {
  type CommandName,
  type Position,
  parseCommand,
  routeMessage,
  routePost,
} from "../../../src/commands/message-router.ts";
import type { Post } from "../../../src/models/chat.ts";
import { asFileId } from "../../../src/models/ids.ts";

const COMMANDS: readonly CommandName[] = [
  { name: "sessions", where: ["main"] },
  { name: "new", where: ["main"] },
  { name: "stop", where: ["thread"], args: "", alsoTyped: ["stop", "abort", "clear"] },
  { name: "help", where: ["main", "thread"], whenEnded: true },
  { name: "resume", where: ["main", "thread"], whenEnded: true },
  { name: "status", where: ["main"] },
  { name: "no", where: ["thread"], args: "[REASON]" },
];

const MAIN: Position = { place: "main" };
const thread = (status: Extract<Position, { place: "thread" }>["status"]): Position => ({
  place: "thread",
  status,
});
const route = (message: string, position: Position) => routeMessage(message, position, COMMANDS);

describe("in an active thread", () => {
  test.each([
    "fix the tests",
    "",
    "!important: read the README first",
    "!important",
    "@src/main.ts explain this",
    "@file",
    "! helpful hints, please",
    "! halp",
    "!！",
    "!!",
    "!",
    "!1",
    "please !stop",
    "/clear",
    "line one\n!stop",
    "!stopping is not what I want",
    "!top of the file: add a title",
    "!helpful hints, please",
    "!constructor",
    "!__proto__",
  ])("%j is a prompt", (message) => {
    expect(route(message, thread("active"))).toEqual({ type: "thread-prompt" });
  });

  test.each([
    ["!stop", "stop", ""],
    ["  !stop  ", "stop", ""],
    ["!STOP", "stop", ""],
    ["!Help  Me\n now ", "help", "Me\n now"],
    ["\n!help", "help", ""],
    ["！stop", "stop", ""],
    ["! stop", "stop", ""],
    ["！ stop", "stop", ""],
    ["! help", "help", ""],
    ["!stop please", "stop", ""],
    ["!stop it now!", "stop", ""],
    ["!no because", "no", "because"],
    ["!no, use rg", "no", "use rg"],
    ["!No: use rg", "no", "use rg"],
  ])("%j is a command", (message, name, args) => {
    expect(route(message, thread("active"))).toEqual({
      type: "command",
      place: "thread",
      command: { name, args },
    });
  });

  test.each([
    ["!stpo", "stop"],
    ["!stopp", "stop"],
    ["!halp", "help"],
    ["!resum ses_1", "resume"],
    ["!Rsume", "resume"],
  ])("%j is a near miss of %s", (message, meant) => {
    expect(route(message, thread("active"))).toMatchObject({ type: "unknown-command", meant });
  });

  test.each([
    ["!stop!", "stop"],
    ["!stop.", "stop"],
    ["!help?", "help"],
    ["!Stop, please", "stop"],
  ])("%j is not sent to the model either", (message, meant) => {
    expect(route(message, thread("active"))).toMatchObject({ type: "unknown-command", meant });
  });

  test.each([
    "!stop using tabs, use spaces",
    "!STOP the server",
    "! stop there",
    "!stop\nuse spaces",
  ])("%j is a sentence, and asked about", (message) => {
    expect(route(message, thread("active"))).toEqual({ type: "needless-words", name: "stop" });
  });

  test.each([
    "stop",
    "Stop!",
    "STOP IT",
    "please stop now",
    "abort",
    "!abort",
    "!clear",
    "! clear.",
  ])("%j may be meant as !stop while the session works", (message) => {
    const position = { place: "thread", status: "active", works: true } as const;
    expect(route(message, position)).toEqual({ type: "thread-prompt", meant: "stop" });
    expect(route(message, thread("active"))).toEqual({ type: "thread-prompt" });
  });

  test.each(["stop the server first", "!clear the cache", "don't stop", "stopping", "abort?no"])(
    "%j is not, even then",
    (message) => {
      const position = { place: "thread", status: "active", works: true } as const;
      expect(route(message, position)).toEqual({ type: "thread-prompt" });
    },
  );

  test("a command that works only elsewhere says so", () => {
    expect(route("!sessions", thread("active"))).toEqual({
      type: "wrong-place",
      name: "sessions",
      worksIn: "main",
    });
  });
});

describe("a post of a kind of its own", () => {
  const post = (about: Partial<Pick<Post, "type" | "message" | "files">>) =>
    routePost({ type: "", message: "", files: [], ...about }, thread("active"), COMMANDS);
  const file = { id: asFileId("file"), name: "a.txt", mime: "text/plain", sizeBytes: 1 };

  test.each(["", " ", "\n\t", "\u200b", "\u2800", "\u00a0\u3000\ufeff"])(
    "%j is blank",
    (message) => {
      expect(post({ message })).toEqual({ type: "blank" });
      expect(post({ message, files: [file] })).toEqual({ type: "thread-prompt" });
    },
  );

  test("what /me posts is told apart", () => {
    expect(post({ type: "me", message: "*!stop*" })).toEqual({ type: "me-post" });
  });

  test("everything else is routed by what it says", () => {
    expect(post({ message: "!help" })).toMatchObject({ type: "command" });
  });
});

describe("in a thread that is over", () => {
  test.each(["ended", "disconnected", "orphaned"] as const)(
    "%s: prompts are answered",
    (status) => {
      expect(route("go on", thread(status))).toEqual({ type: "ended-session", status });
      expect(route("!important", thread(status))).toEqual({ type: "ended-session", status });
    },
  );

  test("only what works there runs", () => {
    expect(route("!stop", thread("ended"))).toEqual({ type: "ended-session", status: "ended" });
    expect(route("!resume", thread("ended"))).toMatchObject({ type: "command" });
    expect(route("!resme", thread("ended"))).toMatchObject({ meant: "resume" });
  });
});

test.each(["fix it", "!help", "!hlep", ""])("in an unknown thread %j is answered so", (message) => {
  expect(route(message, thread("unknown"))).toEqual({ type: "unknown-thread" });
});

describe("in the main DM", () => {
  test.each(["fix it", "!important", "", "@file"])("%j is not accepted", (message) => {
    expect(route(message, MAIN)).toEqual({ type: "main-dm-prompt" });
  });

  test("commands run where they work", () => {
    expect(route("!sessions all", MAIN)).toEqual({
      type: "command",
      place: "main",
      command: { name: "sessions", args: "all" },
    });
    expect(route("!stop", MAIN)).toMatchObject({ type: "wrong-place", name: "stop" });
    expect(route("!statsu", MAIN)).toMatchObject({ type: "unknown-command", meant: "status" });
  });
});

test("near misses: one letter wrong, missing, too many or swapped, in both directions", () => {
  const letter = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");
  const word = fc.array(letter, { minLength: 5, maxLength: 10 });
  fc.assert(
    fc.property(word, fc.nat(9), letter, (letters, at, other) => {
      const i = at % letters.length;
      const name = letters.join("");
      const variants = [
        letters.with(i, other),
        letters.toSpliced(i, 1),
        letters.toSpliced(i, 0, other),
        letters.toSpliced(i, 2, ...letters.slice(i, i + 2).reverse()),
      ].map((v) => v.join(""));
      for (const typed of variants) {
        expect(isNearMiss(typed, name)).toBe(typed !== name);
        expect(isNearMiss(name, typed)).toBe(typed !== name);
      }
    }),
  );
  expect(isNearMiss("stop", "help")).toBe(false);
  expect(isNearMiss("sotpp", "stop")).toBe(false);
  expect(isNearMiss("nwe", "new")).toBe(false);
});

test("whatever is typed, the route is one that can be answered and arguments stay as written", () => {
  const positions = [MAIN, thread("active"), thread("ended"), thread("unknown")];
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom(...positions), (text, position) => {
      expect(routeMessage(text, position, COMMANDS).type).toBeString();
      expect(parseCommand(`!help ${text}`)).toEqual({ name: "help", args: text.trim() });
    }),
  );
});
