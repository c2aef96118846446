import { afterEach, beforeEach, expect, test } from "bun:test";
import { loadDemo } from "../../../src/playground/model/demo-script.ts";
import { loadScriptFile } from "../../../src/playground/model/script-file.ts";
import {
  failures,
  type ModelCall,
  type Reply,
  type ScriptedModel,
  startScriptedModel,
} from "../../../src/playground/model/scripted-model.ts";

interface Ask {
  readonly stream?: boolean;
  readonly signal?: AbortSignal;
  readonly tools?: readonly string[];
}

type Wire = Record<string, unknown>;

let model: ScriptedModel;
beforeEach(async () => {
  model = await startScriptedModel();
});
afterEach(() => model.stop());

const user = (content: string): Wire => ({ role: "user", content });
const toolRound = (id: string): Wire[] => [
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id, type: "function", function: { name: "bash", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: id, content: "done" },
];

function send(messages: readonly Wire[], { stream = true, signal, tools = [] }: Ask = {}) {
  const functions = tools.map((name) => ({ type: "function", function: { name } }));
  return fetch(`${model.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "script", stream, messages, tools: functions }),
    ...(signal ? { signal } : {}),
  });
}
const ask = (text: string, options: Ask = {}) => send([user(text)], options);

/** The deltas, finish reason and usage of a stream. */
async function read(response: Response) {
  const lines = (await response.text()).split("\n\n").filter(Boolean);
  const events = lines.slice(0, -1).map((line) => JSON.parse(line.slice("data: ".length)));
  const choices = events.flatMap((event) => event.choices ?? []);
  const join = (field: string): string => choices.map(({ delta }) => delta[field] ?? "").join("");
  return {
    last: lines.at(-1),
    text: join("content"),
    reasoning: join("reasoning_content"),
    tools: choices.flatMap(({ delta }) => delta.tool_calls ?? []),
    finish: choices.at(-1)?.finish_reason,
    usage: events.at(-1)?.usage,
    error: events.at(-1)?.error,
  };
}

test("without a script it answers with the prompt's first line", async () => {
  const { text, finish, last } = await read(await ask("hello\nthere"));
  expect(text).toBe("Scripted answer to: hello");
  expect(finish).toBe("stop");
  expect(last).toBe("data: [DONE]");
});

test("text keeps its blanks and line breaks, and comes in several pieces", async () => {
  const answer = "  one two\n\n```ts\n  const a = 1;\n```\n";
  model.on("code", [[{ text: answer }]]);
  expect((await read(await ask("code"))).text).toBe(answer);
});

test("the first rule that matches answers", async () => {
  model.on(/number \d/, [[{ text: "pattern" }]]);
  model.on("number", [[{ text: "beginning" }]]);
  model.otherwise([[{ text: "neither" }]]);
  const answers = ["number 1", "number one", "a number"].map(async (prompt) =>
    read(await ask(prompt)),
  );
  expect((await Promise.all(answers)).map(({ text }) => text)).toEqual([
    "pattern",
    "beginning",
    "neither",
  ]);
});

test("reasoning and parallel tool calls stream as OpenAI-compatible servers do", async () => {
  model.on("go", [
    [
      { reasoning: "think first" },
      { tool: "bash", args: { command: "ls" } },
      { tool: "read", args: { filePath: "a" } },
      { usage: { input: 7, output: 5, reasoning: 2, cached: 3 } },
    ],
  ]);
  const { reasoning, tools, finish, usage } = await read(await ask("go"));
  expect(reasoning).toBe("think first");
  expect(finish).toBe("tool_calls");
  const argumentsOf = (index: number): string =>
    tools
      .filter((tool) => tool.index === index)
      .map((tool) => tool.function.arguments)
      .join("");
  expect(tools.flatMap((tool) => tool.function.name ?? [])).toEqual(["bash", "read"]);
  expect([argumentsOf(0), argumentsOf(1)].map((text) => JSON.parse(text))).toEqual([
    { command: "ls" },
    { filePath: "a" },
  ]);
  expect(usage).toMatchObject({
    prompt_tokens: 7,
    completion_tokens: 5,
    prompt_tokens_details: { cached_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 2 },
  });
});

test("a list of replies is walked step by step and closed with a text", async () => {
  model.on("go", [[{ tool: "bash", args: {} }], [{ text: "second" }]]);
  await ask("go");
  const second = await read(await send([user("go"), ...toolRound("call_1")]));
  const third = await read(
    await send([user("go"), ...toolRound("call_1"), ...toolRound("call_2")]),
  );
  expect([second.text, third.text]).toEqual(["second", "Done."]);
  expect(model.calls().map(({ step }) => step)).toEqual([0, 1, 2]);
});

test("a script may look at the call", async () => {
  const parrot = ({ userText, tools }: ModelCall, step: number): Reply => [
    { text: `${userText} ${tools.join()} ${step}` },
  ];
  model.otherwise(parrot);
  expect((await read(await ask("hi", { tools: ["bash", "read"] }))).text).toBe("hi bash,read 0");
});

test("a request that is not to stream gets the whole answer", async () => {
  model.on("go", [[{ reasoning: "r" }, { text: "some text" }, { tool: "bash", args: { a: 1 } }]]);
  const message = {
    content: "some text",
    reasoning_content: "r",
    tool_calls: [{ function: { name: "bash", arguments: '{"a":1}' } }],
  };
  expect(await (await ask("go", { stream: false })).json()).toMatchObject({
    choices: [{ finish_reason: "tool_calls", message }],
    usage: { total_tokens: expect.any(Number) },
  });
});

test.each([true, false])("refusals are HTTP answers (stream: %p)", async (stream) => {
  model.on("key", [[{ error: failures.unauthorized() }]]);
  model.on("limit", [[{ error: failures.rateLimited(3) }]]);
  model.on("server", [[{ error: failures.serverError() }]]);
  model.on("context", [[{ error: failures.contextTooLong() }]]);
  const answers = ["key", "limit", "server", "context"].map((prompt) => ask(prompt, { stream }));
  const [key, limit, server, context] = await Promise.all(answers);
  expect([key?.status, limit?.status, server?.status]).toEqual([401, 429, 500]);
  expect(limit?.headers.get("retry-after")).toBe("3");
  expect(await context?.text()).toContain("context_length_exceeded");
});

test("a failure may be over after some attempts", async () => {
  model.on("server", [[{ error: failures.serverError(2) }, { text: "better" }]]);
  const statuses = [(await ask("server")).status, (await ask("server")).status];
  expect(statuses).toEqual([500, 500]);
  expect((await read(await ask("server"))).text).toBe("better");
  expect(model.calls().map(({ attempt }) => attempt)).toEqual([0, 1, 2]);
});

test("a failure after the first words is an error inside the stream", async () => {
  model.on("go", [[{ text: "half" }, { error: failures.serverError() }]]);
  const response = await ask("go");
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('"type":"server_error"');
});

test.each([true, false])("a broken answer is cut, not ended (stream: %p)", async (stream) => {
  model.on("go", [[{ text: "half an answer" }, { broken: true }]]);
  const text = ask("go", { stream }).then((response) => response.text());
  expect(await text.catch((cause) => cause)).toBeInstanceOf(Error);
});

test("a gate holds the answer until it is released", async () => {
  model.on("go", [[{ text: "before " }, { gate: "middle" }, { text: "after" }]]);
  const answer = ask("go").then(read);
  await model.until("the answer to be held", () => model.held().includes("middle"));
  model.release("middle");
  expect((await answer).text).toBe("before after");
  expect((await read(await ask("go"))).text).toBe("before after"); // it stays open
});

test("releaseAll opens every gate, and a pause delays", async () => {
  model.on("go", [[{ gate: "a" }, { pauseMs: 1 }, { gate: "b" }, { text: "through" }]]);
  const answer = ask("go").then(read);
  await model.until("the answer to be held", () => model.held().includes("a"));
  model.releaseAll();
  expect((await answer).text).toBe("through");
});

test("a client that hangs up is noticed, and what it held is let go", async () => {
  model.on("go", [[{ text: "before " }, { gate: "never" }]]);
  const client = new AbortController();
  const text = (await ask("go", { signal: client.signal })).text();
  await model.until("the answer to be held", () => model.held().length > 0);
  expect(model.calls()[0]?.aborted).toBe(false);
  client.abort();
  expect(await text.catch((cause) => cause.name)).toBe("AbortError");
  await model.until("the hang-up", () => model.calls()[0]?.aborted);
  expect(model.held()).toEqual([]);
});

test("titles and summaries are kinds of their own and touch no script", async () => {
  model.otherwise([[{ error: failures.serverError() }]]);
  const system = (content: string): Wire => ({ role: "system", content });
  const title = await send([
    system("You are a title generator. You output ONLY a thread title."),
    user("Generate a title for this conversation:\n"),
    user("Fix the login page, please, before noon today"),
  ]);
  const summary = await send([
    system("You are a context summarization agent."),
    user("Create a new anchored summary from the conversation history."),
  ]);
  expect((await read(title)).text).toBe("Scripted title: Fix the login page, please, before");
  expect((await read(summary)).text).toBe("Scripted summary of 2 messages.");
  expect(model.calls()).toEqual([]);
  expect([model.calls("title").length, model.calls("summary").length]).toEqual([1, 1]);
});

test("calls tell what the model was given", async () => {
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
  const content = [{ type: "text", text: "look" }, image];
  await send(
    [
      { role: "system", content: "rules" },
      { role: "user", content },
    ],
    { tools: ["bash"] },
  );
  expect(model.calls()[0]).toMatchObject({ model: "script", userText: "look", tools: ["bash"] });
  expect(model.calls()[0]?.messages[1]?.attachments).toEqual([
    { kind: "image_url", mime: "image/png", name: undefined },
  ]);
});

test("other requests are answered as a server would", async () => {
  expect(await (await fetch(`${model.url}/models`)).text()).toContain('"id":"script"');
  expect((await fetch(`${model.url}/embeddings`)).status).toBe(404);
  const nonsense = await fetch(`${model.url}/chat/completions`, { method: "POST", body: "{" });
  expect(nonsense.status).toBe(400);
});

test("an answer that is no success leaves its connection usable", async () => {
  for (let round = 0; round < 200; round++) {
    expect((await fetch(`${model.url}/embeddings`)).status).toBe(404);
  }
});

test("until says what it waited for", async () => {
  const waiting = model.until("the moon", () => false, 1);
  expect(await waiting.catch((cause) => cause.message)).toContain("the moon");
});

test("the demo shows something for its words, and what words there are", async () => {
  loadDemo(model);
  expect((await read(await ask("table please"))).text).toContain("|---|");
  expect((await read(await ask("Bash ls -la"))).tools[0]).toMatchObject({
    function: { name: "bash" },
  });
  expect((await read(await ask("hello"))).text).toContain("**table**");
});

test("a script file becomes rules; what is wrong in it is named", async () => {
  const step = { text: "from the file" };
  loadScriptFile(
    model,
    JSON.stringify({ rules: [{ when: "a", replies: [[step]] }], otherwise: [[{ text: "else" }]] }),
  );
  expect((await read(await ask("a b"))).text).toBe("from the file");
  expect((await read(await ask("b"))).text).toBe("else");
  const wrong = JSON.stringify({ rules: [{ matches: "a", replies: [[{ txt: "b" }]] }, {}] });
  expect(() => loadScriptFile(model, wrong)).toThrow("rules[0].replies[0][0]");
});

test.each([
  [["--port", "x"], "--port takes a whole number"],
  [["--prot", "1"], "--prot"],
  [["--script", "no-such-file.json"], "no-such-file.json"],
])("bun run model %p ends with code 2 and what to do", async (args, problem) => {
  const command = [process.execPath, "src/playground/model/main.ts", ...args];
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
  const message = await child.stderr.text();
  expect(message).toContain(problem);
  expect(message).toContain("Usage: bun run model");
  expect(await child.exited).toBe(2);
});
