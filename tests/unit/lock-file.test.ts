// What `npm ci` installs is what was locked: each package by the hash of its contents, wherever it comes from.
import { expect, test } from "bun:test";
import lock from "../../package-lock.json" with { type: "json" };

/**
 * OpenCode's programs for other platforms than those it is tested on here. Their hashes could not be had where the lock file was
 * made; whoever adds one takes it out of this list.
 */
const NOT_KNOWN = [
  "opencode-darwin-arm64",
  "opencode-darwin-x64",
  "opencode-darwin-x64-baseline",
  "opencode-linux-arm64",
  "opencode-linux-arm64-musl",
  "opencode-linux-x64-baseline-musl",
  "opencode-linux-x64-musl",
  "opencode-windows-arm64",
  "opencode-windows-x64",
  "opencode-windows-x64-baseline",
];

const member = (entry: unknown, name: string): unknown => Object(entry)[name];
/** What a registry answers for; the others are folders of this checkout. */
const fromRegistry = Object.entries(lock.packages).filter(
  ([path, entry]) => path.includes("node_modules/") && member(entry, "link") !== true,
);
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + 13);

test("every package of the lock file has a hash", () => {
  const without = fromRegistry.filter(
    ([, entry]) => !/^sha512-[\w+/]{86}==$/.test(String(member(entry, "integrity"))),
  );
  expect(without.map(([path]) => nameOf(path)).sort()).toEqual(NOT_KNOWN);
  expect(fromRegistry.length).toBeGreaterThan(100);
});

test("none is tied to one registry", () => {
  const tied = fromRegistry.filter(([, entry]) => member(entry, "resolved") !== undefined);
  expect(tied.map(([path]) => path)).toEqual([]);
});
