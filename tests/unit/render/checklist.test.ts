import { expect, test } from "bun:test";
import type { Todo } from "../../../src/models/host-event.ts";
import { checklist } from "../../../src/render/checklist.ts";

const todo = (content: string, status: Todo["status"] = "pending"): Todo => ({ content, status });

test("each state has its look", () => {
  const todos = [
    todo("a", "completed"),
    todo("b", "in_progress"),
    todo("c"),
    todo("d", "cancelled"),
  ];
  expect(checklist(todos, 1000)).toBe("- [x] a\n- [ ] **b**\n- [ ] c\n- [x] ~~d~~");
});

test("what a todo says is text, on one line and of a sensible length", () => {
  const lines = checklist([todo("a\n# *b*"), todo("x".repeat(500))], 1000).split("\n");
  expect(lines).toEqual(["- [ ] a \\# \\*b\\*", `- [ ] ${"x".repeat(199)}…`]);
});

test("what does not fit is counted", () => {
  const todos = Array.from({ length: 9 }, (_, index) => todo(`todo ${index}`));
  expect(checklist(todos, 30)).toBe("- [ ] todo 0\n- [ ] todo 1\nand 7 more");
});
