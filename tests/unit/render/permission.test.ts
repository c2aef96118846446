import { describe, expect, test } from "bun:test";
import type { PermissionRequest } from "../../../src/models/host-event.ts";
import { asRequestId, asSessionId } from "../../../src/models/ids.ts";
import { countChars } from "../../../src/render/markdown/chars.ts";
import { renderPermission } from "../../../src/render/permission.ts";
import type { Permission, ThreadState } from "../../../src/state/thread-state.ts";
import { OPTIONS, SESSION, START_MS, stateOf } from "../../support/build-state.ts";

const CHILD = asSessionId("ses_child");

function post(
  request: Partial<PermissionRequest>,
  rest: Partial<Permission> = {},
  state: Partial<ThreadState> = {},
  maxPostChars = OPTIONS.maxPostChars,
) {
  const whole: PermissionRequest = {
    id: asRequestId("per_1"),
    sessionId: SESSION,
    permission: "bash",
    patterns: ["cat a"],
    always: ["cat *"],
    ...request,
  };
  const permission = { request: whole, pending: [whole.id], ...rest };
  return renderPermission(permission, stateOf([], state), { ...OPTIONS, maxPostChars });
}
const HEAD = "✋ **payments-api** needs your OK: **bash**";
const LEGEND = "✅ once · 🔓 always `cat *` · ❌ deny – tap, or reply yes, always, no, because …";

test("a pending request: who asks for what, how to answer, the whole command", () => {
  expect(post({ command: "git push origin HEAD" })).toEqual({
    key: "permission/per_1",
    message: `${HEAD}\n${LEGEND}\n\`git push origin HEAD\``,
    marks: ["white_check_mark", "unlock", "x"],
    settled: "final",
    urgency: "interactive",
  });
});

describe("what is asked for", () => {
  test.each<[name: string, request: Partial<PermissionRequest>, body: string]>([
    ["lines of a command are a block", { command: "a\nb" }, "```sh\na\nb\n```"],
    ["backticks stay", { command: "echo `id`" }, "`` echo `id` ``"],
    ["a path, seen from the session", { path: "/home/dev/project/a.ts" }, "`a.ts`"],
    ["a path elsewhere", { path: "/etc/passwd" }, "`/etc/passwd`"],
    ["a diff", { path: "/home/dev/project/a", diff: "-a\n+b" }, "`a`\n```diff\n-a\n+b\n```"],
    ["nothing but patterns", { patterns: ["https://x.test"] }, "`https://x.test`"],
    ["hidden characters", { command: "ls \u202e\u001b[2K" }, "`ls ⟨U+202E⟩⟨U+001B⟩[2K`"],
  ])("%s", (_name, request, body) => {
    expect(post(request).message).toBe(`${HEAD}\n${LEGEND}\n${body}`);
  });

  test("nothing of a command is cut: beyond the limit it is a file", () => {
    const command = `echo ${"x".repeat(1000)}`;
    const { message, files } = post({ command }, {}, {}, 1000);
    expect(files).toEqual([{ name: "command.sh", text: command }]);
    expect(message).toBe(
      `${HEAD}\n${LEGEND}\n📎 too long for a post: all of it is in \`command.sh\` (1005 characters)`,
    );
    expect(countChars(message)).toBeLessThanOrEqual(1000);
  });
});

test("where `always` would allow nothing it is not offered", () => {
  const { message, marks } = post({ always: [], command: "ls" });
  expect(message).toContain("✅ once · ❌ deny – tap, or reply yes, no, because …");
  expect(marks).toEqual(["white_check_mark", "x"]);
});

test("many patterns are counted", () => {
  const { message } = post({ always: ["a *", "b *", "c *", "d *"], command: "ls" });
  expect(message).toContain("🔓 always `a *`, `b *`, `c *` and 1 more ·");
});

test("a sub-agent is named", () => {
  const children = {
    [CHILD]: { id: CHILD, parentId: SESSION, title: "list files (@general subagent)" },
  };
  const { message } = post({ sessionId: CHILD, command: "ls" }, {}, { children });
  expect(message.split("\n")[0]).toBe(`${HEAD} · 🤖 list files`);
});

describe("decided: what, by whom, when, and the marks go", () => {
  const atMs = START_MS + 7 * 60_000;
  test.each<[NonNullable<Permission["decision"]>, string]>([
    [{ answer: "once", atMs, by: "alice" }, "✅ **Allowed once** by @alice, 10:21 · **bash**"],
    [{ answer: "always", atMs, by: "@alice" }, "🔓 **Always allowed** by @alice, 10:21 · **bash**"],
    [{ answer: "reject", atMs }, "❌ **Denied** in the terminal, 10:21 · **bash**"],
  ])("case %#", (decision, first) => {
    const { message, marks } = post({ command: "ls -l" }, { decision, pending: [] });
    expect(message).toBe(`${first}\n\`ls -l\``);
    expect(marks).toEqual([]);
  });

  test("a session that ended takes no answer any more", () => {
    const { message, marks } = post({ command: "ls" }, {}, { ended: "exited" });
    expect(message).toBe("⚫ **Not decided**, the session ended · **bash**\n`ls`");
    expect(marks).toEqual([]);
  });
});
