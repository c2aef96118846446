import { describe, expect, test } from "bun:test";
import { sendPrompt, type Told } from "../../../src/conversation/prompt-sender.ts";
import { HostError } from "../../../src/errors.ts";
import { asMessageId, asPostId, asSessionId } from "../../../src/models/ids.ts";
import { running } from "../../support/build-state.ts";
import { createFakeHost } from "../../support/fake-host.ts";
import { createManualClock, settle } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

const SESSION = asSessionId("ses_1");
const PROMPT = {
  id: asMessageId("msg_1"),
  text: "  do it\n",
  postId: asPostId("post1"),
  files: [],
  paths: [],
};
const unknown = () => new HostError("no answer", { kind: "unknown" });

function setUp() {
  const host = createFakeHost();
  const clock = createManualClock();
  const logger = createRecordingLogger();
  const send = async (told?: () => Told) => {
    const result = sendPrompt({ host, clock, logger, ...(told && { told }) }, SESSION, PROMPT);
    await clock.advance(60_000);
    return result;
  };
  /** OpenCode reloads its configuration while the prompt is on its way, or refuses it, and says so so much later. */
  const after = (delayMs: number, told: (atMs: number) => Told) => {
    const atMs = clock.now() + delayMs;
    return () => (clock.now() >= atMs ? told(atMs) : {});
  };
  const reload = () => after(5_000, (reloadedMs) => ({ reloadedMs }));
  return { host, clock, send, after, reload };
}

test("what the person wrote reaches OpenCode as it is, once, and is looked for once", async () => {
  const { host, send } = setUp();
  expect(await send()).toEqual({ kind: "accepted" });
  expect(host.prompts).toEqual([{ sessionId: SESSION, prompt: PROMPT }]);
  expect(host.calls.map(({ call }) => call)).toEqual(["prompt", "hasMessage"]);
});

test("what OpenCode's events show is not asked for", async () => {
  const { host, send } = setUp();
  const turns = [running([], { id: PROMPT.id })];
  expect(await send(() => ({ turns }))).toEqual({ kind: "accepted" });
  expect(host.calls.map(({ call }) => call)).toEqual(["prompt"]);
});

describe("OpenCode takes the prompt", () => {
  test("and stores it later: accepted only then, sent once", async () => {
    const host = createFakeHost();
    const clock = createManualClock();
    const held = host.hold("prompt");
    let result: unknown;
    void sendPrompt({ host, clock, logger: createRecordingLogger() }, SESSION, PROMPT).then((r) => {
      result = r;
    });
    await clock.advance(10_000);
    expect(result).toBeUndefined();
    held.release();
    await clock.advance(1_000);
    expect(result).toEqual({ kind: "accepted" });
    expect(host.times("prompt")).toBe(1);
  });

  test("and loses it in a reload: sent again, and there once", async () => {
    const { host, send, reload } = setUp();
    host.hold("prompt");
    expect(await send(reload())).toEqual({ kind: "accepted" });
    expect(host.prompts).toHaveLength(1);
    expect(host.times("prompt")).toBe(2);
  });

  test("and stores the first one after the second: still there once", async () => {
    const { host, send, reload } = setUp();
    const held = host.hold("prompt");
    expect(await send(reload())).toEqual({ kind: "accepted" });
    held.release();
    await settle();
    expect(host.prompts).toHaveLength(1);
  });
});

describe("OpenCode takes the prompt and says nothing more", () => {
  test("that is not called sent, nor unsent, and it is sent once: it may be held up for minutes", async () => {
    const { host, send } = setUp();
    host.hold("prompt");
    expect(await send()).toMatchObject({ kind: "unsure", reason: expect.stringMatching(/20 s/) });
    expect(host.times("prompt")).toBe(1);
  });

  test("but of a failure of something: that is told too", async () => {
    const { host, send, after } = setUp();
    host.hold("prompt");
    const told = after(1_000, (atMs) => ({ reported: { reason: "no disk", atMs } }));
    expect(await send(told)).toMatchObject({ reason: expect.stringContaining("no disk") });
  });
});

describe("OpenCode takes the prompt and refuses it then", () => {
  test("within a second that is known, with the reason, and it is sent once", async () => {
    const { host, clock, after } = setUp();
    host.hold("prompt");
    const told = after(100, (atMs) => ({ refusal: { reason: "no such agent", atMs } }));
    const logger = createRecordingLogger();
    const sent = sendPrompt({ host, clock, logger, told }, SESSION, PROMPT);
    await clock.advance(1_000);
    expect(await sent).toEqual({ kind: "refused", reason: "no such agent" });
    expect(host.times("prompt")).toBe(1);
  });

  test("though it has stored it: the refusal was another one's", async () => {
    const { send, after } = setUp();
    const told = after(0, (atMs) => ({ refusal: { reason: "no such agent", atMs } }));
    expect(await send(told)).toEqual({ kind: "accepted" });
  });

  test("a refusal from before counts for nothing", async () => {
    const { host, clock, send } = setUp();
    await clock.advance(10_000);
    host.hold("prompt");
    const refusal = { reason: "no such agent", atMs: clock.now() - 1 };
    expect(await send(() => ({ refusal }))).toMatchObject({ kind: "unsure" });
  });
});

describe("no answer", () => {
  test("though it is stored: not sent twice", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown(), { after: true });
    expect(await send()).toEqual({ kind: "accepted" });
    expect(host.prompts).toHaveLength(1);
  });

  test("and it is not stored: sent again", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown(), { times: 2 });
    expect(await send()).toEqual({ kind: "accepted" });
    expect(host.prompts).toHaveLength(1);
    expect(host.times("prompt")).toBe(3);
  });

  test("and OpenCode cannot say whether it is stored: not sent before it can", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown(), { after: true });
    host.fail("hasMessage", unknown(), { times: 2 });
    expect(await send()).toEqual({ kind: "accepted" });
    expect(host.times("prompt")).toBe(1);
  });

  test("for good: failed, with the reason", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown(), { times: 99 });
    expect(await send()).toEqual({ kind: "failed", reason: "no answer" });
    expect(host.times("prompt")).toBe(4);
  });

  test("for good, not even whether it is stored: that is not called failed", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown(), { times: 99, after: true });
    host.fail("hasMessage", unknown(), { times: 99 });
    expect(await send()).toEqual({ kind: "unsure", reason: "no answer" });
    expect(host.times("prompt")).toBe(1);
  });

  test("to the last try, though it was stored then", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown(), { times: 3 });
    host.fail("prompt", unknown(), { after: true });
    expect(await send()).toEqual({ kind: "accepted" });
    expect(host.prompts).toHaveLength(1);
  });

  test("then a refusal, though the first try was stored later", async () => {
    const { host, send } = setUp();
    host.fail("prompt", unknown());
    host.fail("prompt", new HostError("busy", { kind: "refused" }), { after: true });
    expect(await send()).toEqual({ kind: "accepted" });
    expect(host.times("prompt")).toBe(2);
  });
});

test("refused: failed at once, with the reason", async () => {
  const { host, send } = setUp();
  host.fail("prompt", new HostError("no such model", { kind: "refused" }));
  expect(await send()).toEqual({ kind: "failed", reason: "no such model" });
  expect(host.times("prompt")).toBe(1);
});

test.each(["prompt", "hasMessage"] as const)("%s says that the session is gone", async (call) => {
  const { host, send } = setUp();
  if (call === "hasMessage") host.fail("prompt", unknown());
  host.fail(call, new HostError("no session", { kind: "not-found" }));
  expect(await send()).toEqual({ kind: "gone" });
});
