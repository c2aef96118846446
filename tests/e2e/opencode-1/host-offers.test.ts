// What the real OpenCode does beside the main job, through the host port alone: no bridge, no Mattermost.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createOpencodeHost } from "../../../src/clients/opencode/opencode-client.ts";
import { asSessionId, type MessageId, type SessionId } from "../../../src/models/ids.ts";
import { newMessageId } from "../../../src/models/message-id.ts";
import type { HostPort } from "../../../src/ports.ts";
import { systemClock } from "../../../src/timing/system-clock.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { startWorldOn, type World } from "../../support/world.ts";

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
let host: Required<HostPort>;
const NOTES = "notes.txt";

beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({
    withoutPlugin: true,
    config: { command: { greet: { template: "Greet $ARGUMENTS", description: "Says hello" } } },
  });
  const { directory, url = "" } = opencode;
  const connection = { baseUrl: url, fetch };
  // OpenCode 1 has all of it.
  host = createOpencodeHost({ connection, directory, clock: systemClock }) as Required<HostPort>;
}, 120_000);
afterAll(() => world.stop());

const until = <T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> =>
  eventually(what, probe);

async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await Bun.sleep(20)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`not seen: ${what}`);
}

async function say(id: SessionId, text: string): Promise<MessageId> {
  const messageId = newMessageId(Date.now());
  await host.prompt(id, { id: messageId, text, files: [], paths: [] });
  await until(`the answer to ${text}`, async () => {
    const messages = await host.messages(id, 50);
    return messages.some(
      (m) =>
        m.role === "assistant" &&
        m.message.parentId === messageId &&
        m.message.finished &&
        !m.message.continues,
    );
  });
  await until("idle", async () => (await host.status(id)).kind === "idle");
  return messageId;
}

const newSession = async (): Promise<SessionId> => (await host.create()).id;
const promptsOf = async (id: SessionId): Promise<readonly string[]> =>
  (await host.messages(id, 50)).flatMap((m) =>
    m.role === "user"
      ? m.parts.flatMap((p) => (p.kind === "text" && !p.synthetic ? p.text : []))
      : [],
  );
const bytes = (): string => readFileSync(join(opencode.directory, NOTES)).toString("hex");

describe("undo and redo", () => {
  test("restore the files byte for byte", async () => {
    await Bun.write(join(opencode.directory, NOTES), "before\r\n\u0000é");
    const before = bytes();
    const filePath = join(opencode.directory, NOTES);
    world.model.on("change the notes", [
      [{ tool: "write", args: { filePath, content: "after" } }],
      [{ text: "Changed." }],
    ]);
    const id = await newSession();
    await say(id, "hello");
    const prompt = await say(id, "change the notes");
    const after = bytes();
    expect(after).not.toBe(before);
    await host.undo(id, prompt);
    expect(bytes()).toBe(before);
    await host.redo(id);
    expect(bytes()).toBe(after);
    await host.undo(id, prompt);
    await say(id, "something else");
    expect(await promptsOf(id)).toEqual(["hello", "something else"]);
    expect(bytes()).toBe(before);
  });
});

describe("a fork", () => {
  test("from before the third of five prompts has two, and is a session of its own", async () => {
    const id = await newSession();
    const prompts: MessageId[] = [];
    for (const text of ["one", "two", "three", "four", "five"]) prompts.push(await say(id, text));
    const fork = await host.fork(id, prompts[2]);
    expect(fork.id).not.toBe(id);
    expect(await promptsOf(fork.id)).toEqual(["one", "two"]);
    expect(await promptsOf((await host.fork(id)).id)).toHaveLength(5);
    expect(await promptsOf(id)).toHaveLength(5);
  });

  test("of a session that is not there is refused", async () => {
    const gone = asSessionId("ses_00000000000000000000000000");
    await expect(host.fork(gone)).rejects.toMatchObject({ name: "HostError" });
  });
});

describe("what there is to choose from", () => {
  test("models, with their limits", async () => {
    const models = await host.models();
    expect(models).toContainEqual(
      expect.objectContaining({ provider: "scripted", contextLimit: expect.any(Number) }),
    );
  });

  test("agents that a person may choose", async () => {
    const names = (await host.agents()).map(({ name }) => name);
    expect(names).toContain("build");
    expect(names).toContain("plan");
    expect(names).not.toContain("general");
  });

  test("commands", async () => {
    expect(await host.commands()).toContainEqual({ name: "greet", description: "Says hello" });
  });
});

test("a command of OpenCode's own runs with its arguments", async () => {
  const id = await newSession();
  await host.runCommand(id, { name: "greet", args: "Alice", messageId: newMessageId(Date.now()) });
  await until("the prompt that it makes", async () =>
    (await promptsOf(id)).includes("Greet Alice"),
  );
  await until("idle", async () => (await host.status(id)).kind === "idle");
  const unknown = { name: "nothing-like-it", args: "", messageId: newMessageId(Date.now()) };
  await expect(host.runCommand(id, unknown)).rejects.toMatchObject({ name: "HostError" });
});

test("a shell command runs in the session", async () => {
  const id = await newSession();
  await host.shell(id, "echo from-the-shell", newMessageId(Date.now()));
  await until("its output", async () =>
    (await host.messages(id, 20)).some((m) =>
      m.parts.some((p) => p.kind === "tool" && p.call.output.includes("from-the-shell")),
    ),
  );
});

test("titles, todos and changes", async () => {
  const id = await newSession();
  await host.rename(id, "A better title");
  expect((await host.session(id))?.title).toBe("A better title");
  expect(await host.todos(id)).toEqual([]);
  expect(await host.diff(id)).toEqual([]);
});

test("a compaction sums the session up", async () => {
  const id = await newSession();
  await say(id, "hello");
  const [model] = await host.models();
  if (!model) throw new Error("no model");
  await host.compact(id, model);
  await until("the summary", async () =>
    (await host.messages(id, 20)).some((m) => m.role === "assistant" && m.message.isSummary),
  );
});
