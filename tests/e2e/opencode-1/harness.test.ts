// The real OpenCode with the scripted model: what every other end-to-end test stands on.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { OpencodeClient } from "@opencode-ai/sdk/v2/client";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../../src/playground/model/scripted-model.ts";
import { type OpenCodeProcess, startOpenCode } from "../../../src/playground/opencode-process.ts";

let model: ScriptedModel;
beforeAll(async () => {
  model = await startScriptedModel();
});
afterAll(() => model.stop());

/** Asks again until there is an answer. */
async function eventually<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited 30 s for ${what}.`);
    await Bun.sleep(20);
  }
}

async function newSession(client: OpencodeClient): Promise<string> {
  const { data, error } = await client.session.create();
  if (!data) throw new Error(`No session: ${JSON.stringify(error)}`);
  return data.id;
}

const say = (client: OpencodeClient, sessionID: string, text: string) =>
  client.session.promptAsync({ sessionID, parts: [{ type: "text", text }] });

/** The texts of the session's finished assistant messages, once there are `count`. */
const answers = (client: OpencodeClient, sessionID: string, count: number): Promise<string[]> =>
  eventually(`${count} answers`, async () => {
    const { data = [] } = await client.session.messages({ sessionID });
    const done = data.filter(({ info }) => info.role === "assistant" && info.time.completed);
    if (done.length < count) return undefined;
    return done.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "text" ? part.text : [])),
    );
  });

const callsOf = (sessionID: string) => model.calls().filter(({ session }) => session === sessionID);

describe("serve", () => {
  let opencode: OpenCodeProcess;
  let client: OpencodeClient;
  beforeAll(async () => {
    const config = { permission: { bash: "ask" } };
    opencode = await startOpenCode({ mode: "serve", model: model.url, input: ["image"], config });
    client = opencode.client();
  }, 60_000);
  afterAll(() => opencode.stop());

  test("a prompt reaches the model as it was written, and the answer is stored", async () => {
    const text = '  @nobody said: "a | b"\n\n`c` $HOME !d  ';
    const session = await newSession(client);
    model.on(text, [[{ reasoning: "Hm." }, { text: "The **answer**.\n" }]]);
    await say(client, session, text);
    expect(await answers(client, session, 1)).toEqual(["The **answer**.\n"]);
    expect(callsOf(session).map(({ userText, step }) => [userText, step])).toEqual([[text, 0]]);
    const title = await eventually("the title", async () => {
      const { data } = await client.session.get({ sessionID: session });
      return data?.title.startsWith("Scripted title") ? data.title : undefined;
    });
    expect(title).toBe('Scripted title: @nobody said: "a | b" `c`');
  });

  test("a command waits for its permission, runs, and its output goes to the model", async () => {
    const session = await newSession(client);
    const args = { command: "echo from-$((40 + 2))", description: "Say it" };
    model.on("say it", [[{ tool: "bash", args }], [{ text: "It is said." }]]);
    await say(client, session, "say it");
    const { id, metadata } = await eventually("the permission request", async () => {
      const { data = [] } = await client.permission.list();
      return data.find(({ sessionID }) => sessionID === session);
    });
    expect(metadata).toMatchObject({ command: args.command });
    expect(callsOf(session)).toHaveLength(1);
    await client.permission.reply({ requestID: id, reply: "once" });
    expect(await answers(client, session, 2)).toEqual(["It is said."]);
    const result = callsOf(session)[1]?.messages.find(({ role }) => role === "tool");
    expect(result?.text).toContain("from-42");
  });

  test("an abort reaches the model, a failed request is tried again", async () => {
    const session = await newSession(client);
    model.on("hold", [[{ text: "One moment " }, { gate: "never" }]]);
    await say(client, session, "hold");
    await model.until("the answer to be held", () => model.held().includes("never"));
    await client.session.abort({ sessionID: session });
    await model.until("the abort", () => callsOf(session)[0]?.aborted);

    const other = await newSession(client);
    const error = { status: 429, message: "Slow down.", headers: { "retry-after": "1" }, times: 1 };
    model.on("limited", [[{ error }, { text: "Now." }]]);
    await say(client, other, "limited");
    expect(await answers(client, other, 1)).toEqual(["Now."]);
    expect(callsOf(other).map(({ attempt }) => attempt)).toEqual([0, 1]);
  });

  test("a picture reaches a model that takes pictures", async () => {
    const session = await newSession(client);
    const url =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await client.session.promptAsync({
      sessionID: session,
      parts: [
        { type: "text", text: "look at this" },
        { type: "file", mime: "image/png", filename: "dot.png", url },
      ],
    });
    await answers(client, session, 1);
    const prompt = callsOf(session)[0]?.messages.find(({ role }) => role === "user");
    expect(prompt?.attachments).toMatchObject([{ kind: "image_url", mime: "image/png" }]);
  });

  test("directories are projects of their own, also for a second process beside the first", async () => {
    const [one, two] = await Promise.all(["one", "two"].map((name) => opencode.newDirectory(name)));
    const session = await newSession(opencode.client(one));
    const listed = async (from: OpenCodeProcess, directory = ""): Promise<string[]> => {
      const { data = [] } = await from.client(directory).session.list();
      return data.map(({ id }) => id);
    };
    expect(await listed(opencode, one)).toEqual([session]);
    expect(await listed(opencode, two)).toEqual([]);
    const { home } = opencode;
    const beside = await startOpenCode({ mode: "serve", model: model.url, home });
    expect(await listed(beside, one)).toEqual([session]);
    await beside.stop();
    expect(await listed(opencode, one)).toEqual([session]);
  });
});

test("a killed process leaves its data to the next one, and nothing to the system", async () => {
  const first = await startOpenCode({ mode: "serve", model: model.url });
  const session = await newSession(first.client());
  await say(first.client(), session, "remember");
  const before = await answers(first.client(), session, 1);
  expect(await first.kill("SIGKILL")).toBeNull();
  const { home, directory } = first;
  const second = await startOpenCode({ mode: "serve", model: model.url, home, directory });
  expect(await answers(second.client(), session, 1)).toEqual(before);
  await second.stop();
  await first.stop();
  expect(existsSync(home)).toBe(false);
});

test("tui: what is typed reaches the model, the answer is on the screen", async () => {
  const opencode = await startOpenCode({ mode: "tui", model: model.url });
  try {
    model.on("typed by hand", [[{ text: "Read from the screen." }]]);
    opencode.type("typed by hand");
    await model.until("the typed text", () => opencode.screen().includes("typed by hand"));
    opencode.type("\r");
    await model.until("the answer", () => opencode.screen().includes("Read from the screen."));
    expect(model.calls().filter(({ userText }) => userText === "typed by hand")).toHaveLength(1);
    expect(() => opencode.client()).toThrow('Only mode "serve"');
    opencode.type("\x03");
    expect(await opencode.exited).toBe(0);
  } finally {
    await opencode.stop();
  }
});

test("run: the answer is printed, what a plugin in the project does happens", async () => {
  const plugin =
    'export const Probe = async () => ({ "chat.message": async (_, { parts }) => {\n\
    for (const part of parts) if (part.type === "text") part.text += " (seen)"; } });';
  const opencode = await startOpenCode({ mode: "serve", model: model.url });
  try {
    const files = { ".opencode/plugin/probe.ts": plugin };
    const directory = await opencode.newDirectory("with-plugin", files);
    const { home } = opencode;
    model.on("once (seen)", [[{ text: "Printed." }]]);
    const run = await startOpenCode({
      mode: "run",
      model: model.url,
      home,
      directory,
      args: ["once"],
    });
    expect(await run.exited).toBe(0);
    expect(run.output()).toContain("Printed.");
    await run.stop();
  } finally {
    await opencode.stop();
  }
});

test("one that cannot start says why", async () => {
  const starting = startOpenCode({ mode: "serve", model: model.url, args: ["--no-such-flag"] });
  const failure = await starting.then(
    (opencode) => opencode.stop(),
    (cause: unknown) => cause,
  );
  expect(String(failure)).toContain("OpenCode did not start");
});
