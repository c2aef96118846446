// What specs/security.md says is shown by tests that exist.
import { expect, test } from "bun:test";
import { isThere, namedTests } from "../support/named-tests.ts";

const spec = await Bun.file("specs/security.md").text();
const sections = spec.split(/^## /m).slice(1);
const SHOWN_BY = /^- `([^`]+)`: (".+")$/gm;

test("each threat says what holds, and at least one test that shows it", () => {
  for (const section of sections) {
    const title = section.split("\n")[0];
    expect([title, /^Holds: /m.test(section)]).toEqual([title, true]);
    expect([title, section.match(SHOWN_BY) !== null]).toEqual([title, true]);
  }
  expect(sections.length).toBeGreaterThan(10);
});

test("every line that names a test can be read", () => {
  const lines = spec.split("\n").filter((line) => line.startsWith("- "));
  expect(lines.filter((line) => line.match(SHOWN_BY) === null)).toEqual([]);
});

test.each([...namedTests(spec)])("$file has “$name”", async (named) => {
  expect(await isThere(named)).toBe(true);
});
