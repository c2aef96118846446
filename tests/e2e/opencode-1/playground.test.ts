// The playground as a person starts it: programs of their own, and a browser.
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { startScriptedModel } from "../../../src/playground/model/scripted-model.ts";
import { BROWSER, NO_BROWSER, openInBrowser, texts } from "../../support/browser.ts";

const MAIN = new URL("../../../src/playground/main.ts", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "playground-test-"));
const running = new Set<Program>();

interface Program {
  /** Where it keeps what it writes; empty when it has cleaned up. */
  readonly home: string;
  output(): string;
  printed(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<number>;
}

let programs = 0;
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const home = join(folder, String(++programs));
  mkdirSync(home);
  const child = Bun.spawn([process.execPath, "run", MAIN, ...args], {
    env: { ...process.env, TMPDIR: home, ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  let changed = Promise.withResolvers<void>();
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      text += decoder.decode(bytes, { stream: true });
      changed.resolve();
      changed = Promise.withResolvers();
    }
  };
  const reading = Promise.all([read(child.stdout), read(child.stderr)]).then(
    () => "ended" as const,
  );
  const program: Program = {
    home,
    output: () => text,
    async printed(pattern) {
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found[1] ?? found[0];
        const news = await Promise.race([changed.promise, reading]);
        if (news === "ended" && !pattern.test(text)) throw new Error(`It ended with:\n${text}`);
      }
    },
    kill: (signal) => child.kill(signal),
    exited: reading.then(() => child.exited),
  };
  running.add(program);
  return program;
}

/** It waits a long time for a thread that does not come: the other tests run meanwhile. */
let broken: Program;
beforeAll(() => {
  const plugin = join(folder, "empty-plugin.ts");
  writeFileSync(plugin, "export default { id: 'empty', server: async () => ({}) };\n");
  broken = start(["--once"], { PLAYGROUND_PLUGIN: `file://${plugin}` });
  running.delete(broken);
});

afterEach(async () => {
  for (const program of running) program.kill("SIGKILL");
  await Promise.all([...running].map(({ exited }) => exited));
  running.clear();
});
afterAll(() => {
  broken.kill("SIGKILL");
  Bun.WebView.closeAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("--once plays a conversation, prints it, and leaves nothing behind", async () => {
  const program = start(["--once"]);
  expect(await program.exited, program.output()).toBe(0);
  const output = program.output();
  expect(output).toContain("**payments-api** · Fix the flaky retry test");
  expect(output).toMatch(/^alice .*👀\n {4}code$/m);
  expect(output).toContain("function median(");
  expect(output).toContain("The command has run.");
  expect(output).toMatch(/^alice [\d:]+\n {4}!sessions$/m);
  expect(output).toMatch(/All \d+ checks hold/);
  expect(output).not.toContain("✗");
  expect(readdirSync(program.home)).toEqual([]);
});

test("--once ends with 1 and says which check failed when the bridge does nothing", async () => {
  expect(await broken.exited).toBe(1);
  expect(broken.output()).toMatch(/^✗ a session appears as a thread/m);
  expect(broken.output()).not.toMatch(/^✓/m);
});

test("a wrong argument ends it with 2 and the next step", async () => {
  const program = start(["--port", "many"]);
  expect(await program.exited).toBe(2);
  expect(program.output()).toContain("Give a number from 0 to 65535.");
});

test("a port that is taken is named, with the next step", async () => {
  const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const program = start(["--port", String(taken.port)]);
  expect(await program.exited).toBe(1);
  expect(program.output()).toContain(`Port ${taken.port} cannot be used`);
  expect(program.output()).toContain("Give another one with --port");
  await taken.stop(true);
});

const Session = z.object({ me: z.object({ token: z.string() }), channelId: z.string() });
const Posts = z.object({ order: z.array(z.string()) });
const USER = join(folder, "user");
/** A user's own OpenCode: settings with comments, and a login. */
function ownOpenCode(baseURL: string): Readonly<Record<string, string>> {
  mkdirSync(join(USER, "config/opencode"), { recursive: true });
  mkdirSync(join(USER, "data/opencode"), { recursive: true });
  writeFileSync(
    join(USER, "config/opencode/opencode.jsonc"),
    `{ // mine
      "plugin": ["no-such-plugin"],
      "provider": { "mine": {
        "npm": "@ai-sdk/openai-compatible", "name": "Mine", "options": { "baseURL": "${baseURL}" },
        "models": { "clever": { "name": "Clever", "tool_call": true } },
      } },
    }`,
  );
  writeFileSync(
    join(USER, "data/opencode/auth.json"),
    JSON.stringify({ mine: { type: "api", key: "secret-key" } }),
  );
  // A cache of known models keeps it from the network.
  mkdirSync(join(USER, "cache/opencode"), { recursive: true });
  writeFileSync(join(USER, "cache/opencode/models.json"), "{}");
  return {
    XDG_CONFIG_HOME: join(USER, "config"),
    XDG_DATA_HOME: join(USER, "data"),
    XDG_CACHE_HOME: join(USER, "cache"),
  };
}

test("--model answers with the model and the login of the user's own OpenCode", async () => {
  const model = await startScriptedModel();
  const logins = new Set<string | null>();
  const provider = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      logins.add(request.headers.get("authorization"));
      return fetch(new URL(new URL(request.url).pathname, model.url), request);
    },
  });
  const program = start(
    ["--port", "0", "--model", "mine/clever"],
    ownOpenCode(`${provider.url}v1`),
  );
  const url = await program.printed(/http:\S+/);
  const session = Session.parse(await (await fetch(`${url}session`)).json());
  const headers = { authorization: `Bearer ${session.me.token}` };
  const posts = await fetch(`${url}api/v4/channels/${session.channelId}/posts`, { headers });
  const [root] = Posts.parse(await posts.json()).order;
  const post = { channel_id: session.channelId, root_id: root, message: "hello, my own model" };
  await fetch(`${url}api/v4/posts`, { method: "POST", headers, body: JSON.stringify(post) });
  const call = await model.until("the prompt", () => model.calls()[0]);
  expect(call.userText).toBe("hello, my own model");
  expect(call.model).toBe("clever");
  expect([...logins]).toEqual(["Bearer secret-key"]);
  program.kill("SIGINT");
  expect(await program.exited).toBe(0);
  await provider.stop(true);
  await model.stop();
});

test.each([
  ["other/clever", 'no login or settings for the provider "other"', "opencode auth login"],
  ["mine/dull", 'has no model "dull"', "Take one of: clever"],
])(
  "--model %s, which the user does not have, is refused with the next step",
  async (model, problem, step) => {
    const program = start(["--model", model], ownOpenCode("http://127.0.0.1:9/v1"));
    expect(await program.exited).toBe(1);
    expect(program.output()).toContain(problem);
    expect(program.output()).toContain(step);
  },
);

/** In the browser: the page shows the sessions, sends a reply, and shows the answer. */
const inBrowser = (path: string) => async (): Promise<void> => {
  const program = start(["--port", "0"]);
  const url = await program.printed(/http:\S+/);
  const { view, problems, becomes } = await openInBrowser(path, url);
  for (const project of ["payments-api", "docs-site"]) {
    await becomes(
      `the card of ${project}`,
      `${texts(".lobby .card")}.some((it) => it.includes("${project}"))`,
    );
  }
  await becomes("the newest thread", `${texts(".thread .where")}[0].includes("payments-api")`);
  await view.click(".prompt");
  await becomes("the mark", `document.querySelector(".thread [data-emoji=eyes]") !== null`);
  await becomes(
    "the code block",
    `${texts(".thread pre code")}.some((it) => it.includes("median("))`,
  );
  await becomes(
    "the end of the turn",
    `${texts(".thread .post:last-child .body")}[0].startsWith("✅")`,
  );

  await view.click(".thread textarea");
  await view.type("bash echo tapped");
  await view.press("Enter");
  await becomes("the request", `document.querySelector(".thread [data-emoji=unlock]") !== null`);
  await view.click(".thread .post:last-child [data-emoji=white_check_mark]");
  await becomes(
    "the answer",
    `${texts(".thread .post:last-child")}[0].includes("The command has run.")`,
  );

  await view.resize(390, 844);
  expect(await view.evaluate("document.querySelector('.lobby').offsetParent")).toBeNull();
  await view.click(".back");
  await view.click(".lobby textarea");
  await view.type("!sessions");
  await view.press("Enter");
  await becomes("the list", `document.querySelector(".lobby a") !== null`);
  await view.evaluate(`document.querySelectorAll(".lobby a")[0].click()`);
  await becomes("the thread of the link", `document.body.classList.contains("in-thread")`);
  expect<unknown>(await view.evaluate("document.documentElement.scrollWidth")).toBe(390);
  expect(problems).toEqual([]);
  view.close();

  program.kill("SIGINT");
  expect(await program.exited).toBe(0);
  expect(readdirSync(program.home)).toEqual([]);
};

/** Without a browser: what a browser would load is there, whole. */
async function asServed(): Promise<void> {
  const program = start(["--port", "0"]);
  const url = await program.printed(/http:\S+/);
  const page = await (await fetch(url)).text();
  const assets = [...page.matchAll(/(?:src|href)="([^"#]+\.(?:js|css)[^"]*)"/g)];
  expect(assets.length).toBeGreaterThan(0);
  for (const [, asset = ""] of assets) {
    const answer = await fetch(new URL(asset, url));
    expect([answer.status, (await answer.text()).length > 100]).toEqual([200, true]);
  }
  program.kill("SIGINT");
  expect(await program.exited).toBe(0);
}

if (BROWSER) test("the page works in a browser", inBrowser(BROWSER));
else if (process.env["CI"]) throw new Error(NO_BROWSER);
else test(`the page is served whole; ${NO_BROWSER}`, asServed);
