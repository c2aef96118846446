import { expect, test } from "bun:test";
import { found, shown, wordsOf } from "../../../../src/cli/findings/finding.ts";
import { TEXTS } from "../../../../src/cli/findings/texts.ts";

const texts = Object.entries(TEXTS);

test("each finding has a line of its own, and each problem a fix that says something else", () => {
  const lines = texts.map(([, { line }]) => line);
  expect(new Set(lines).size).toBe(lines.length);
  const fixes = texts.flatMap(([, text]) => ("fix" in text ? [[text.line, text.fix]] : []));
  expect(fixes.filter(([line, fix]) => line === fix)).toEqual([]);
  expect(fixes.filter(([line = "", fix = ""]) => /[.;]$/.test(line + fix) === false)).toEqual([]);
});

test("facts stand in the place of their names", () => {
  const finding = found("reach.closed", { host: "chat:8065" });
  expect(wordsOf(finding).line).toBe("Nothing listens at chat:8065.");
  expect(shown(finding)).toMatch(/^✗ Nothing listens at chat:8065\.\n {2}→ Check the port/);
  expect(shown(found("reach.ok", { url: "https://chat" }))).toBe(
    "✓ Mattermost answers at https://chat.",
  );
});
