// What a tool call was given is part of what its request asks: shown before it can be answered, and never two for one.
import { describe, expect, test } from "bun:test";
import { HostError } from "../../../src/errors.ts";
import type { Argument, PermissionRequest } from "../../../src/models/host-event.ts";
import { asCallId, asMessageId, asRequestId, asSessionId } from "../../../src/models/ids.ts";
import { readPostMark } from "../../../src/models/post-mark.ts";
import { aPermission, aSession, asked, ROOT, reply, tool, user } from "../../support/events.ts";
import { unreachable } from "../../support/fake-chat.ts";
import { createHouse } from "../../support/two-processes.ts";

const CHILD = asSessionId("ses_child");
const named = (name: string): readonly Argument[] => [{ name: "name", text: name, isText: true }];

async function createThread() {
  const house = await createHouse();
  const { chat, clock, host } = house;
  const { entry, die } = await house.process("a");
  const { runtime } = entry;
  const postOf = (id: string) =>
    chat.posts().find(({ props }) => readPostMark(props)?.key === `permission/${id}`);
  return {
    ...house,
    die,
    runtime,
    postOf,
    /** A call to an MCP tool begins to run, and asks. */
    async ask(id: string, about: Partial<PermissionRequest> = {}) {
      const call = { messageId: asMessageId("a"), callId: asCallId(`call-${id}`) };
      const said = { permission: "db_drop", patterns: ["*"], always: ["*"], call, ...about };
      const { command: _, ...request } = aPermission(id, said);
      host.pendingPermissions.set(request.id, request);
      runtime.apply({ type: "permission-asked", request });
      await clock.advance(100);
    },
    begin: () => [user("u", 1), reply("a", "u")].forEach(runtime.apply),
    call: (id: string, args: readonly Argument[]) =>
      runtime.apply(tool("a", id, { tool: "db_drop", kind: "other", state: "running", args })),
    /** OpenCode has stored the call, and no event told of it. */
    store(id: string, args: readonly Argument[], sessionId = ROOT) {
      const event = tool("a", id, { state: "running", args });
      const assistant = reply("a", "u");
      if (event.type !== "part" || assistant.type !== "assistant-message") throw new Error();
      const message = {
        role: "assistant",
        message: assistant.message,
        parts: [event.part],
      } as const;
      host.stored.set(sessionId, [message]);
    },
    async tap(id: string) {
      const post = postOf(id);
      if (!post) throw new Error(`There is no post of ${id}.`);
      await house.react(post.id, "white_check_mark");
      await clock.advance(100);
    },
    given: () => host.answers.map(({ id }) => String(id)),
  };
}

describe("two calls of one tool at once", () => {
  test("with different inputs are two requests: one tap allows one of them", async () => {
    const { begin, call, ask, tap, given, postOf, clock } = await createThread();
    begin();
    call("per_1", named("test"));
    call("per_2", named("PRODUCTION"));
    await ask("per_1");
    await ask("per_2");
    await clock.advance(1_000);
    expect(postOf("per_1")?.message).toContain("name: `test`");
    expect(postOf("per_2")?.message).toContain("name: `PRODUCTION`");
    await tap("per_1");
    expect(given()).toEqual(["per_1"]);
  });

  test("with the same input are one", async () => {
    const { begin, call, ask, tap, given, postOf, clock } = await createThread();
    begin();
    call("per_1", named("test"));
    call("per_2", named("test"));
    await ask("per_1");
    await ask("per_2");
    await clock.advance(1_000);
    expect(postOf("per_2")).toBeUndefined();
    await tap("per_1");
    expect(given()).toEqual(["per_1", "per_2"]);
  });

  test("whose inputs are not known are two, and both posts say that", async () => {
    const { ask, tap, given, postOf, clock } = await createThread();
    await ask("per_1");
    await ask("per_2");
    await clock.advance(5_000);
    for (const id of ["per_1", "per_2"]) expect(postOf(id)?.message).toContain("⚠️ Not all");
    await tap("per_2");
    expect(given()).toEqual(["per_2"]);
  });
});

describe("an input that no event has told of", () => {
  test("is read from OpenCode: a sub-agent's", async () => {
    const { runtime, ask, store, postOf, clock } = await createThread();
    const session = aSession("ses_child", { parentId: ROOT });
    runtime.apply({ type: "session-created", session });
    store("per_1", named("test"), CHILD);
    await ask("per_1", { sessionId: CHILD });
    await clock.advance(1_000);
    expect(postOf("per_1")?.message).toContain("name: `test`");
  });

  test("and that of a request from before a restart", async () => {
    const { ask, store, die, process, postOf, clock } = await createThread();
    store("per_1", named("test"));
    await ask("per_1");
    await clock.advance(1_000);
    const before = postOf("per_1")?.message;
    die();
    await process("b");
    await clock.advance(5_000);
    expect(before).toContain("name: `test`");
    expect(postOf("per_1")?.message).toBe(before ?? "");
  });

  test("is read again where OpenCode has not stored it yet, or does not answer", async () => {
    const { ask, store, postOf, host, clock } = await createThread();
    host.fail("toolCall", new HostError("no answer", { kind: "unknown" }), { times: 2 });
    await ask("per_1");
    store("per_1", named("test"));
    await clock.advance(1_000);
    expect(postOf("per_1")?.message).toContain("name: `test`");
  });

  test("keeps the request back for two seconds, and nobody answers it unseen", async () => {
    const { ask, postOf, say, answers, given, host, clock } = await createThread();
    host.hang("toolCall");
    await ask("per_1");
    expect(postOf("per_1")).toBeUndefined();
    await say("yes");
    await clock.advance(100);
    expect(answers().at(-1)).toContain("asked after you wrote this");
    await clock.advance(3_000);
    expect(postOf("per_1")?.message).toContain("⚠️ Not all");
    expect(given()).toEqual([]);
  });

  test("completes the post when it comes after all", async () => {
    const { begin, call, ask, postOf, tap, given, clock } = await createThread();
    begin();
    await ask("per_1");
    await clock.advance(5_000);
    call("per_1", named("PRODUCTION"));
    await clock.advance(1_000);
    expect(postOf("per_1")?.message).toContain("name: `PRODUCTION`");
    expect(postOf("per_1")?.message).not.toContain("⚠️");
    await tap("per_1");
    expect(given()).toEqual(["per_1"]);
  });

  test("and is answered by no tap or word from before it stood there", async () => {
    const { begin, call, ask, tap, say, answers, given, chat, clock } = await createThread();
    begin();
    await ask("per_1");
    await clock.advance(5_000);
    chat.faults.fail("editPost", unreachable(), { times: 3 });
    call("per_1", named("PRODUCTION"));
    await tap("per_1");
    await say("yes");
    await clock.advance(30_000);
    expect(given()).toEqual([]);
    expect(answers().filter((text) => text.includes("has been completed since"))).toHaveLength(2);
    await say("yes");
    await clock.advance(100);
    expect(given()).toEqual(["per_1"]);
  });
});

describe("what always would allow, where it does not fit into a post", () => {
  test("is allowed by no tap, word or command, and that is told", async () => {
    const { begin, call, ask, say, answers, given, postOf, react, clock } = await createThread();
    begin();
    call("per_1", named("test"));
    await ask("per_1", { always: ["x".repeat(20_000)] });
    await clock.advance(1_000);
    expect(postOf("per_1")?.message).toContain("no 🔓: what always would allow is too long");
    await say("always");
    await say("!always");
    const post = postOf("per_1");
    if (post) await react(post.id, "unlock");
    await clock.advance(1_000);
    expect(answers().filter((text) => text.includes("so it is not offered"))).toHaveLength(2);
    expect(given()).toEqual([]);
  });
});

test("a request that no call makes is shown at once with what it says of itself", async () => {
  const { runtime, postOf, clock } = await createThread();
  const details = [{ name: "tool", text: "bash", isText: true }];
  runtime.apply(asked("per_1", { id: asRequestId("per_1"), patterns: ["bash"], details }));
  await clock.advance(100);
  expect(postOf("per_1")?.message).toContain("needs your OK");
});
