import { describe, expect, test } from "bun:test";
import { findProject } from "../../../src/commands/find-project.ts";
import { shortPath } from "../../../src/models/short-path.ts";

const projectAt = (directory: string) => ({
  name: directory.split("/").at(-1) ?? "",
  directory,
  short: shortPath(directory, "/home/alice"),
  isGone: false,
});
const PROJECTS = [
  "/home/alice/code/client",
  "/home/alice/code/client portal",
  "/home/alice/code/payments-api",
  "/srv/api",
  "/srv/web/shop",
  "/opt/web/shop",
  "/home/alice/it's here",
].map(projectAt);
const find = (text: string) => {
  const found = findProject(PROJECTS, text);
  return found.kind === "found"
    ? [found.project.directory, found.prompt]
    : [found.kind, found.typed];
};

describe("the longest name or path that the text begins with", () => {
  test.each([
    ["client portal fix it", "/home/alice/code/client portal", "fix it"],
    ["Client Portal: fix it", "/home/alice/code/client portal", "fix it"],
    ["client portal", "/home/alice/code/client portal", ""],
    ["client fix it", "/home/alice/code/client", "fix it"],
    ["client portals are broken", "/home/alice/code/client", "portals are broken"],
    ["client, fix it", "/home/alice/code/client", "fix it"],
    ["client\nfix\nit", "/home/alice/code/client", "fix\nit"],
    ["payments-api --force", "/home/alice/code/payments-api", "--force"],
    ["api fix it", "/srv/api", "fix it"],
    ["payments–api fix it", "/home/alice/code/payments-api", "fix it"],
    ["api. Fix it.", "/srv/api", "Fix it."],
    ["api!", "/srv/api", ""],
    ["\u200bapi fix it", "/srv/api", "fix it"],
    ["**api** fix it", "/srv/api", "fix it"],
  ])("%j", (text, directory, prompt) => {
    expect(find(text)).toEqual([directory, prompt]);
  });

  test.each([
    ["/srv/api fix it", "/srv/api"],
    ["/srv/api/ fix it", "/srv/api"],
    ["~/code/payments-api fix it", "/home/alice/code/payments-api"],
    ["~/code/client portal fix it", "/home/alice/code/client portal"],
    ["code/payments-api fix it", "/home/alice/code/payments-api"],
    ["/code/payments-api fix it", "/home/alice/code/payments-api"],
    ["srv/web/shop fix it", "/srv/web/shop"],
    ["/opt/web/shop fix it", "/opt/web/shop"],
  ])("%j, by its path", (text, directory) => {
    expect(find(text)).toEqual([directory, "fix it"]);
  });

  test.each([
    '"client portal" fix it',
    "'client portal' fix it",
    "“client portal” fix it",
    "„client portal“ fix it",
    "‘client portal’: fix it",
    "«client portal» fix it",
    "`~/code/client portal` fix it",
    "`/home/alice/code/client portal` fix it",
    '"portal" fix it',
  ])("%s, in quotes", (text) => {
    expect(find(text)).toEqual(["/home/alice/code/client portal", "fix it"]);
  });
});

describe("a part of a name, where none fits", () => {
  test.each([
    ["payments fix it", "/home/alice/code/payments-api"],
    ["Portal fix it", "/home/alice/code/client portal"],
  ])("%j", (text, directory) => {
    expect(find(text)).toEqual([directory, "fix it"]);
  });
});

test.each([
  ["shop fix it", "shop"],
  ["web/shop fix it", "web/shop"],
  ['"shop" fix it', "shop"],
  ["clien fix it", "clien"],
])("%j could be several", (text, typed) => {
  expect(find(text)).toEqual(["several", typed]);
});

test.each([
  ["fix the tests", "fix"],
  ["~/api fix it", "~/api"],
  ['"no such thing" fix it', "no such thing"],
  ["/ fix it", "/"],
  ["/srv fix it", "/srv"],
])("%j is none of them", (text, typed) => {
  expect(find(text)).toEqual(["none", typed]);
});
