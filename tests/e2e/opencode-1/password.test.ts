// OpenCode with a server password: its own plugin has to give it too.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPlayground } from "../../../src/playground/playground.ts";
import type { HostProcess } from "../../support/hosts/host.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { logged, newSession, PLUGIN, startWorld, type World } from "../../support/world.ts";

/** The plugin where it does not find the headers that OpenCode's calls need. */
const WITHOUT_HEADERS = `
import plugin from "${PLUGIN}/src/index.ts";
const server = (input, options) => {
  const { baseUrl, fetch } = input.client._client.getConfig();
  const client = { app: input.client.app, tui: input.client.tui };
  const _client = { getConfig: () => ({ baseUrl, fetch }) };
  return plugin.server({ ...input, client: { ...client, _client } }, options);
};
export default { id: "without-headers", server };
`;

const password = "between us";

const folder = temporaryFolder();
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world.stop();
  folder[Symbol.dispose]();
});

test("serve: a session has its thread, and a reply is answered there", async () => {
  const opencode = await world.opencode({ password });
  const client = opencode.client(await opencode.newDirectory("guarded"));
  const { id } = await world.rootOf(await newSession(client));
  await world.say(id, "hello");
  await world.answered(id, "Scripted answer to: hello");
});

test("tui: what is typed has its thread, and a reply is answered there", async () => {
  const opencode = await world.opencode({ password, mode: "tui" });
  const before = world.roots().length;
  opencode.type("typed by hand");
  await world.model.until("the typed text", () => opencode.screen().includes("typed by hand"));
  opencode.type("\r");
  const root = await world.mattermost.until("the thread", () => world.roots()[before]);
  await world.answered(root.id, "Scripted answer to: typed by hand");
  await world.say(root.id, "sent by phone");
  await world.answered(root.id, "Scripted answer to: sent by phone");
});

test("an OpenCode that refuses its own plugin is told of in the thread, as a toast and in the log", async () => {
  const path = join(folder.path, "without-headers.ts");
  writeFileSync(path, WITHOUT_HEADERS);
  const options = { url: world.mattermost.url, owner: "alice" };
  const plugin = { path: `file://${path}`, options };
  const opencode = await world.opencode({ password, mode: "tui", plugin });
  const before = world.roots().length;
  // It is shown for some seconds only.
  const toast = world.model.until(
    "the toast",
    () => screenOf(opencode).includes("does not let this plugin"),
    60_000,
  );
  opencode.type("typed again");
  await world.model.until("the typed text", () => opencode.screen().includes("typed again"));
  opencode.type("\r");
  const root = await world.mattermost.until("the thread", () => world.roots()[before]);
  await world.reply(root.id, /OpenCode does not let this plugin in/);
  await toast;
  await world.say(root.id, "do you hear me?");
  await world.reply(
    root.id,
    /\*\*Not sent\*\*: OpenCode does not let this plugin (send the prompt|read messages)/,
  );
  const said = logged(opencode, "ERROR").filter((line) =>
    line.includes("does not let this plugin"),
  );
  expect(said).toHaveLength(1);
  await world.answered(root.id, "Scripted answer to: typed again");
});

/** Without what a narrow box makes of it. */
const screenOf = (opencode: HostProcess): string => opencode.screen().replace(/[\s│┃]+/g, " ");

test("nobody without its password reaches the OpenCode of the playground", async () => {
  const playground = await startPlayground({ wordMs: 1 });
  try {
    const { url = "" } = playground.opencode;
    for (const path of ["/config", "/session", "/permission"]) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 401]);
    }
    expect((await playground.opencode.client().session.list()).error).toBeUndefined();
  } finally {
    await playground.stop();
  }
});
