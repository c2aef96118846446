// "I planned with the big model, and the reply from my phone went to the small one that builds."
import { describe, expect, test } from "bun:test";
import { createPromptSender } from "../../src/conversation/prompt-sender.ts";
import { settingsIn } from "../../src/conversation/prompt-settings.ts";
import { HostError } from "../../src/errors.ts";
import type { StoredMessage } from "../../src/models/host-event.ts";
import type { PromptSettings } from "../../src/models/host-offers.ts";
import { NOW, promptText, ROOT, reply, storedOf, user } from "../support/events.ts";
import { createFakeHost } from "../support/fake-host.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";

const PLAN = { agent: "plan", model: { provider: "p", model: "big" }, variant: "high" };
const BUILD = { agent: "build", model: { provider: "p", model: "small" } };

/** A prompt that ran with these settings, and its answer where it has one. */
function prompt(at: number, settings: PromptSettings | undefined, isAnswered = true) {
  const id = `msg_${at}`;
  const all = [user(id, at), promptText(id, "go"), ...(isAnswered ? [reply(`${id}-a`, id)] : [])];
  return storedOf(all).map((m): StoredMessage => {
    if (m.role !== "user" || !settings) return m;
    return { ...m, message: { ...m.message, settings } };
  });
}

const synthetic = (messages: readonly StoredMessage[]): readonly StoredMessage[] =>
  messages.map((m) => ({
    ...m,
    parts: m.parts.map((part) => (part.kind === "text" ? { ...part, synthetic: true } : part)),
  }));

describe("what the last prompt ran with", () => {
  test("is the newest answered one's", () => {
    expect(settingsIn([...prompt(1, BUILD), ...prompt(2, PLAN)], true)).toEqual(PLAN);
    expect(settingsIn([...prompt(1, PLAN), ...prompt(2, BUILD)], true)).toEqual(BUILD);
  });

  test("is not what a plugin added, whether the session works or not", () => {
    const added = prompt(2, BUILD, false);
    expect(settingsIn([...prompt(1, PLAN), ...added], true)).toEqual(PLAN);
    expect(settingsIn([...prompt(1, PLAN), ...synthetic(added)], false)).toEqual(PLAN);
  });

  test("is that of a prompt which waits for the running one's step", () => {
    expect(settingsIn([...prompt(1, BUILD), ...prompt(2, PLAN, false)], false)).toEqual(PLAN);
  });

  test("is nothing in a session without a prompt, or where the host keeps it elsewhere", () => {
    expect(settingsIn([], true)).toBeUndefined();
    expect(settingsIn(prompt(1, undefined), true)).toBeUndefined();
  });
});

function createHouse() {
  const clock = createManualClock();
  const host = createFakeHost(() => NOW + 10);
  const sender = createPromptSender({ host, clock, logger: createRecordingLogger() }, ROOT);
  async function send() {
    const sent = sender.send({ text: "go", files: [], paths: [] }, true);
    await clock.advance(60_000);
    return sent;
  }
  return { host, clock, sender, send };
}

test("a reply goes on with it, also when OpenCode forgot the reply and it is sent again", async () => {
  const { host, sender, send } = createHouse();
  host.stored.set(ROOT, [...prompt(1, PLAN)]);
  await send();
  const [first] = host.prompts;
  expect(first?.prompt.settings).toEqual(PLAN);
  host.stored.set(ROOT, [...prompt(2, BUILD)]);
  expect(first && sender.again(first.prompt.id)).toBe(true);
  expect(host.prompts[1]?.prompt).toEqual(first?.prompt);
});

test("a hundred steps of the last prompt do not hide it", async () => {
  const { host, send } = createHouse();
  const steps = Array.from({ length: 100 }, (_, at) => reply(`step-${at}`, "msg_1"));
  host.stored.set(ROOT, [...prompt(1, PLAN), ...storedOf(steps)]);
  await send();
  expect(host.prompts[0]?.prompt.settings).toEqual(PLAN);
});

test("where it cannot be read for a moment it is read again; for good, nothing is sent without it", async () => {
  const { host, send } = createHouse();
  host.stored.set(ROOT, [...prompt(1, PLAN)]);
  host.fail("messages", new HostError("busy", { kind: "unknown" }), { times: 2 });
  expect(await send()).toEqual({ kind: "accepted" });
  expect(host.prompts[0]?.prompt.settings).toEqual(PLAN);
  host.fail("messages", new HostError("busy", { kind: "unknown" }), { times: 9 });
  expect(await send()).toEqual({ kind: "failed", reason: "busy" });
  expect(host.prompts).toHaveLength(1);
});

describe("what was read while the reply was claimed", () => {
  test("counts for the prompt that comes now, and for no other", async () => {
    const { host, sender, send } = createHouse();
    host.stored.set(ROOT, [...prompt(1, PLAN)]);
    sender.prepare(true);
    host.stored.set(ROOT, [...prompt(2, BUILD)]);
    await send();
    await send();
    expect(host.prompts.map(({ prompt: { settings } }) => settings)).toEqual([PLAN, BUILD]);
  });

  test("does not count where something else began meanwhile, where it is old, or where it could not be read", async () => {
    const { host, clock, sender, send } = createHouse();
    host.stored.set(ROOT, [...prompt(1, BUILD)]);
    sender.prepare(false);
    host.stored.set(ROOT, [...prompt(2, PLAN)]);
    await send();
    host.stored.set(ROOT, [...prompt(3, BUILD)]);
    sender.prepare(true);
    await clock.advance(1_000);
    host.stored.set(ROOT, [...prompt(4, PLAN)]);
    await send();
    host.fail("messages", new HostError("busy", { kind: "unknown" }), { times: 1 });
    sender.prepare(true);
    await send();
    expect(host.prompts.map(({ prompt: { settings } }) => settings)).toEqual([PLAN, PLAN, PLAN]);
  });
});
