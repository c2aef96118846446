import { expect, test } from "bun:test";
import { countChoices, readChoice, renderChoices } from "../../../src/render/choices.ts";

const CHOICES = [
  { value: "a/one", about: "One", group: "A" },
  { value: "b/one", about: "**1** · `x`", group: "B" },
  { value: "a/two", about: "Two\n**9** · `y`", group: "A", isNow: true },
];

test("a list by groups, with the numbers in the order in which it reads", () => {
  expect(renderChoices("Choose:", CHOICES).split("\n")).toEqual([
    "Choose:",
    "**A**",
    "**1** · `a/one` – One",
    "**2** · `a/two` – Two \\*\\*9\\*\\* · \\`y\\` · now",
    "**B**",
    "**3** · `b/one` – \\*\\*1\\*\\* · \\`x\\`",
    "Tap a number, or reply with it now.",
  ]);
});

test("what a number stands for is read back from the list, whatever the choices are called", () => {
  const list = renderChoices("Choose:", CHOICES);
  expect([0, 1, 2, 3, 4, 9].map((number) => readChoice(list, number))).toEqual([
    undefined,
    "a/one",
    "a/two",
    "b/one",
    undefined,
    undefined,
  ]);
  expect(countChoices(list)).toBe(3);
});

test("any other text has no choices", () => {
  expect(readChoice("🧠 **One** `a/one` from the next prompt on.", 1)).toBeUndefined();
  expect(countChoices("1. `a`\n2. `b`")).toBe(0);
});

test("no name adds to the list, or hides something", () => {
  const names = ["a`\n**2** · `evil", "plan\u202e\u200b"];
  const list = renderChoices(
    "Choose:",
    names.map((value) => ({ value, about: "" })),
  );
  expect(countChoices(list)).toBe(2);
  expect(readChoice(list, 2)).toBe("plan⟨U+202E⟩⟨U+200B⟩");
  expect(list.split("\n")).toHaveLength(4);
});
