// README's table of settings is compared with those that there are.
import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config.ts";

const [, table = ""] =
  /\n\| option \| variable [^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)/.exec(
    await Bun.file("README.md").text(),
  ) ?? [];
const rows = table.split("\n").filter(Boolean);
const namesIn = (cell: number): readonly string[] =>
  rows.flatMap((row) =>
    [...(row.split("|")[cell] ?? "").matchAll(/`([^`]+)`/g)].map(([, n = ""]) => n),
  );

test("every option stands there, and no other", () => {
  const known = loadConfig({ none: 1 }, {});
  if (known.kind !== "wrong") throw new Error("An unknown option is not refused.");
  const [, names = ""] = /use one of: ([^.]+)\./.exec(known.problems.join(" ")) ?? [];
  expect([...namesIn(1)].sort()).toEqual(names.split(", ").sort());
});

test("so does every variable", async () => {
  const source = await Bun.file("src/config.ts").text();
  const variables = new Set(
    [...source.matchAll(/"(MATTERMOST_\w+)"/g)].map(([, name = ""]) => name),
  );
  expect([...namesIn(2)].sort()).toEqual([...variables].sort());
});
