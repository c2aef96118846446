// What specs/requirements.md says is shown by tests that exist, for every requirement of the first specification.
import { expect, test } from "bun:test";
import { isThere, namedTests } from "../support/named-tests.ts";

const page = await Bun.file("specs/requirements.md").text();
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(1)
  .map((line) => line.slice(2, -2).split(" | "));

const numbered = (name: string, count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${name}${String(at + 1).padStart(digits, "0")}`);

/** How many scenarios each user story has. */
const SCENARIOS = [3, 3, 4, 3, 3, 2];
const ALL = [
  ...numbered("FR-", 14, 3),
  ...numbered("SC-", 7, 3),
  ...SCENARIOS.flatMap((count, at) => numbered(`US${at + 1}.`, count, 1)),
];
const EDGES = 7;

test("every requirement has its row, in order", () => {
  const ids = rows.map(([id = ""]) => id);
  expect(ids.filter((id) => !id.startsWith("Edge: "))).toEqual(ALL);
  expect(ids.filter((id) => id.startsWith("Edge: "))).toHaveLength(EDGES);
});

test.each(rows)("%s: %s", async (_id, _gist, shownBy = "") => {
  const named = namedTests(shownBy);
  expect(named.length).toBeGreaterThan(0);
  // Nothing else stands there, which would not be looked at.
  expect(shownBy.replace(/`[^`]+`|"[^"]+"|[:;, ]/g, "")).toBe("");
  for (const it of named) expect([it, await isThere(it)]).toEqual([it, true]);
});
