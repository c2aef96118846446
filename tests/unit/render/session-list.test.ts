import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asSessionId } from "../../../src/models/ids.ts";
import { renderResumable, renderSessionList } from "../../../src/render/session-list.ts";
import { linksIn } from "../../support/markdown-readers.ts";

const line = (title: string, about: { project?: string; ended?: boolean } = {}) => ({
  id: asSessionId("ses_e02ade896ffe6sE5QGvZskGd5n"),
  mark: "⏳",
  project: "payments-api",
  title,
  link: `https://chat.test/_redirect/pl/${title.length}`,
  forMs: 16 * 60_000,
  needsUser: false,
  ended: false,
  ...about,
});

test("a session is one line: its state, a link to its thread, since when", () => {
  expect(renderSessionList([line("Fix the retry test")], false)).toBe(
    "⏳ [payments-api · Fix the retry test](https://chat.test/_redirect/pl/18) · 16 min",
  );
  expect(renderResumable([line("Fix it")])).toEndWith(
    "· 16 min · `!resume ZskGd5n`".replace("Zsk", "sk"),
  );
});

describe("a label shows project and title as they are, and is nothing but a label", () => {
  test.each([
    ["Fix snake_case_name in [core]"],
    ["the `retry` test"],
    ["one ` backtick"],
    ["[ open"],
    ["] closed"],
    ["](https://elsewhere.test) [x"],
    ["<https://elsewhere.test>"],
    ["https://elsewhere.test/a_b www.elsewhere.test a@elsewhere.test"],
    ["![p](u) **b** ~~s~~ $x$ | # \\ \\[ &lt; &#91;"],
    ["C:\\Users\\alice"],
  ])("%s", (title) => {
    const sessions = [line(title, { project: title }), line("the other")];
    const shown = sessions.map((one) => ({
      address: one.link,
      label: `${one.project} · ${one.title}`,
    }));
    for (const links of linksIn(renderSessionList(sessions, false))) expect(links).toEqual(shown);
  });

  test("whatever the titles, each label is on its own link", () => {
    const title = fc
      .array(fc.constantFrom(..."`[]()*_~|#<>$&\\!@:/. ax".split(""), "www.", "://"), {
        minLength: 1,
        maxLength: 12,
      })
      .map((of) => `x${of.join("")}`.replace(/ +/g, " ").trim());
    fc.assert(
      fc.property(fc.array(title, { minLength: 1, maxLength: 3 }), (titles) => {
        const sessions = titles.map((one, at) => ({
          ...line(one),
          link: `https://chat.test/${at}`,
        }));
        const shown = sessions.map(({ link, project, title: one }) => ({
          address: link,
          label: `${project} · ${one}`,
        }));
        for (const links of linksIn(renderSessionList(sessions, false)))
          expect(links).toEqual(shown);
      }),
    );
  });

  test("hidden characters are shown, a long title is cut", () => {
    expect(renderSessionList([line("a\u202eb")], false)).toContain("· a⟨U+202E⟩b](");
    expect(renderSessionList([line("x".repeat(500))], false)).toContain(`${"x".repeat(119)}…](`);
  });
});

describe("two hundred sessions", () => {
  const crowd = Array.from({ length: 230 }, (_, at) => ({
    ...line(`Session number ${at} ${"with a long title ".repeat(6)}`),
    mark: at % 50 === 0 ? "✋" : at % 10 === 0 ? "⏳" : "🟢",
    needsUser: at % 50 === 0,
    ended: at >= 210,
  }));
  const lines = renderSessionList(crowd, false).split("\n");

  test("begin with their sum, those that need me come first, and each is short", () => {
    expect(lines[0]).toBe("**210 sessions**: ✋ 5 need you · ⏳ 16 work · 🟢 189 idle");
    expect(lines.slice(1, 6).every((text) => text.startsWith("✋"))).toBe(true);
    expect(lines.slice(6, 22).every((text) => text.startsWith("⏳"))).toBe(true);
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThan(170);
  });

  test("are all there; what is more is counted", () => {
    expect(lines).toHaveLength(1 + 200 + 2);
    expect(lines.slice(-2)).toEqual(["and 10 more", "`!sessions all` adds 20 ended"]);
    expect(renderSessionList(crowd, true)).not.toContain("!sessions all");
  });
});
