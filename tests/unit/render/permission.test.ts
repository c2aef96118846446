import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Argument, PermissionRequest } from "../../../src/models/host-event.ts";
import { asCallId, asMessageId, asRequestId, asSessionId } from "../../../src/models/ids.ts";
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
    patterns: request.command === undefined && request.path === undefined ? ["cat a"] : [],
    always: ["cat *"],
    ...request,
  };
  const permission = { request: whole, pending: [whole.id], ...rest };
  const [post] = renderPermission(permission, stateOf([], state), { ...OPTIONS, maxPostChars });
  if (!post) throw new Error("Nothing is shown.");
  return post;
}
const HEAD = "✋ **payments-api** needs your OK: **bash**";
const LEGEND = "✅ once · 🔓 always · ❌ deny – tap, or reply yes, always, no, because …";
const ALWAYS = "🔓 always would allow **bash**: `cat *`";
const CALL = { messageId: asMessageId("msg_a"), callId: asCallId("call_1") };
const text = (name: string, value: string) => ({ name, text: value, isText: true });
const json = (name: string, value: unknown) => ({
  name,
  text: JSON.stringify(value, undefined, 2),
  isText: false,
});

test("a pending request: who asks for what, how to answer, the whole command", () => {
  expect(post({ command: "git push origin HEAD" })).toEqual({
    key: "permission/per_1",
    message: `${HEAD}\n${LEGEND}\n\`git push origin HEAD\`\n${ALWAYS}`,
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
    [
      "blanks that push the rest away",
      { command: `a${" ".repeat(3000)}; b` },
      "`a⟨3000 blanks⟩; b`",
    ],
    [
      "a folder that a command reaches",
      { command: "cat /a/b", patterns: ["/a/*"] },
      "`cat /a/b`\n`/a/*`",
    ],
  ])("%s", (_name, request, body) => {
    expect(post(request).message).toBe(`${HEAD}\n${LEGEND}\n${body}\n${ALWAYS}`);
  });

  test("the kind of action has nothing hidden either", () => {
    expect(post({ permission: "db\u200b_drop\u3164" }).message).toContain(
      "OK: **db⟨U+200B⟩\\_drop⟨U+3164⟩**",
    );
  });
});

describe("beyond the limit of a post", () => {
  test("beginning and end are shown, and all of it is a file", () => {
    const command = `echo ${"x".repeat(2000)}\u202e; rm -rf ~`;
    const { message, files } = post({ command }, {}, {}, 1000);
    expect(files).toEqual([{ name: "command.sh", text: command.replace("\u202e", "⟨U+202E⟩") }]);
    expect(message).toStartWith(`${HEAD}\n${LEGEND}\n\`echo xxx`);
    expect(message).toContain("xxx⟨U+202E⟩; rm -rf ~`\n📎 too long for a post");
    expect(message).toMatch(/x`\n⟨\d+ characters left out⟩\n`x/);
    expect(message).toEndWith(`all of it is in \`command.sh\` (2023 characters)\n${ALWAYS}`);
    expect(countChars(message)).toBeLessThanOrEqual(1000);
  });

  test("what is short beside it is shown whole", () => {
    const input = {
      args: [text("command", "x\n".repeat(900)), text("workdir", "/live")],
      isEdit: false,
    };
    const { message, files } = post(
      { command: "x\n".repeat(900), call: CALL },
      { input },
      {},
      1000,
    );
    expect(message).toContain("\nworkdir: `/live`\n");
    expect(files?.[0]?.name).toBe("request.txt");
    expect(files?.[0]?.text).toEndWith("x\n\nworkdir: /live");
    expect(countChars(message)).toBeLessThanOrEqual(1000);
  });

  test.each([1000, 4000, 16_383])("it fits in %d, whatever it is made of", (limit) => {
    const texts = fc.array(fc.constantFrom("`", "``", "a", "\n", "\u200b", " ", "👩‍👩‍👧", "~"), {
      minLength: 1,
      maxLength: 12,
    });
    const long = fc
      .tuple(texts, fc.integer({ min: 1, max: 3000 }))
      .map(([of, times]) => of.join("").repeat(times));
    fc.assert(
      fc.property(long, long, fc.array(long, { maxLength: 3 }), (command, value, always) => {
        const input = { args: [text("value", value)], isEdit: false };
        const { message } = post({ command, call: CALL, always }, { input }, {}, limit);
        expect(countChars(message)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the input of the call that asks", () => {
  const shown = (
    args: readonly Argument[],
    request: Partial<PermissionRequest> = {},
    isEdit = false,
  ): string =>
    post({ call: CALL, always: [], patterns: ["*"], ...request }, { input: { args, isEdit } })
      .message.split("\n")
      .slice(2)
      .join("\n");

  test("is shown whole", () => {
    const todos = [{ content: "deploy", status: "pending" }];
    expect(shown([text("name", "PRODUCTION")])).toBe("name: `PRODUCTION`");
    expect(shown([json("force", true), json("depth", 3)])).toBe("force: `true`\ndepth: `3`");
    expect(shown([json("todos", todos)])).toBe(
      `todos:\n\`\`\`\n${JSON.stringify(todos, undefined, 2)}\n\`\`\``,
    );
    expect(shown([text("prompt", "one\ntwo"), text("to", "")])).toBe(
      "prompt:\n```\none\ntwo\n```\nto: (empty)",
    );
    expect(shown([])).toBe("(without input)");
  });

  test("also where it is the same as a pattern that is not shown", () => {
    expect(shown([text("name", "*")])).toBe("name: `*`");
    expect(shown([text("folder", "/home/dev/project/*")])).toBe("folder: `/home/dev/project/*`");
    expect(shown([text("target", "rm")], { command: "rm -rf x", patterns: ["rm"] })).toBe(
      "`rm -rf x`\ntarget: `rm`",
    );
  });

  test("but for what stands there already", () => {
    const command = [
      text("command", "make"),
      text("workdir", "/live"),
      text("description", "Builds"),
    ];
    expect(shown(command, { command: "make", patterns: ["make"] })).toBe(
      "`make`\nworkdir: `/live`\ndescription: `Builds`",
    );
    expect(shown([text("filePath", "/home/dev/project/.env")], { patterns: [".env"] })).toBe(
      "`.env`",
    );
    expect(shown([text("newString", "b")], { path: "/a", diff: "+b" }, true)).toBe(
      "`/a`\n```diff\n+b\n```",
    );
  });

  test("has nothing hidden, in its names neither", () => {
    expect(shown([text("na\u200bme\n`x`", "a\u2800b")])).toBe("na⟨U+200B⟩me \\`x\\`: `a⟨U+2800⟩b`");
  });

  test("that is not known is called so, and what the request says is shown", () => {
    const details = [text("tool", "bash"), json("input", { a: 1 })];
    const unknown = post(
      { call: CALL, patterns: ["*"], always: [], details },
      { input: "unknown" },
    );
    expect(unknown.message).toContain("tool: `bash`\ninput:\n```");
    expect(unknown.message).toContain("⚠️ Not all that this call was given is known");
    expect(post({ patterns: ["*"], always: [] }).message).toContain("⚠️ Not all");
    expect(post({ patterns: ["*"], always: [], details }).message).not.toContain("⚠️");
  });

  test("that is being looked up keeps the request back; a decision is told all the same", () => {
    const whole = { id: asRequestId("per_1"), sessionId: SESSION, permission: "x", patterns: [] };
    const permission = { request: { ...whole, always: [], call: CALL }, pending: [whole.id] };
    expect(renderPermission(permission, stateOf([]), OPTIONS)).toEqual([]);
    const decision = { answer: "once", atMs: START_MS } as const;
    expect(renderPermission({ ...permission, decision }, stateOf([]), OPTIONS)).toHaveLength(1);
  });

  test("that came late and does not fit is not promised as a file", () => {
    const input = { args: [text("value", "x".repeat(2000))], isEdit: false, isLate: true };
    const { message } = post({ call: CALL, always: [], patterns: [] }, { input }, {}, 1000);
    expect(message).toContain("known too late for a file: see OpenCode's own screen");
  });
});

test("where `always` would allow nothing it is not offered", () => {
  const { message, marks } = post({ always: [], command: "ls" });
  expect(message).toContain("✅ once · ❌ deny – tap, or reply yes, no, because …");
  expect(marks).toEqual(["white_check_mark", "x"]);
});

test("all that `always` would allow is listed, one pattern a line", () => {
  const always = ["a *", "b *", `c${"c".repeat(200)} *`, "d\n* \u202e"];
  const { message, marks } = post({ always, command: "ls" });
  expect(message).toEndWith(
    `🔓 always would allow **bash**:\n\`a *\`\n\`b *\`\n\`c${"c".repeat(200)} *\`\n\`d⟨U+000A⟩* ⟨U+202E⟩\``,
  );
  expect(marks).toContain("unlock");
});

test("where it does not fit `always` is not offered, and that is said", () => {
  const { message, marks } = post({ always: ["x".repeat(500)], command: "ls" }, {}, {}, 1000);
  expect(message).toContain("✅ once · ❌ deny – tap, or reply yes, no, because …");
  expect(message).toEndWith("no 🔓: what always would allow is too long to be shown here");
  expect(marks).toEqual(["white_check_mark", "x"]);
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
    const allowed = decision.answer === "always" ? `\n${ALWAYS}` : "";
    expect(message).toBe(`${first}\n\`ls -l\`${allowed}`);
    expect(marks).toEqual([]);
  });

  test("a session that ended takes no answer any more", () => {
    const { message, marks } = post({ command: "ls" }, {}, { ended: "exited" });
    expect(message).toBe("⚫ **Not decided**, the session ended · **bash**\n`ls`");
    expect(marks).toEqual([]);
  });
});
