// An OpenCode 2 that is no service has no HTTP API for its plugins: what that leaves out is said, and nothing else is missing.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Conversation, converse, startInstallationOn } from "../../support/conversation.ts";
import { OPENCODE_2, type OpenCode2Process } from "../../support/hosts/opencode-2.ts";
import type { World } from "../../support/world.ts";

let world: World<OpenCode2Process>;
let opencode: OpenCode2Process;
beforeAll(async () => {
  ({ world, opencode } = await startInstallationOn(OPENCODE_2, ["web-shop"], { beside: true }));
}, 120_000);
afterAll(() => world.stop());

const COLOURS = [
  { label: "Red", description: "warm" },
  { label: "Blue", description: "cold" },
];
const ASK = {
  tool: "question",
  args: { questions: [{ question: "Which colour?", header: "Colour", options: COLOURS }] },
};

async function asking(): Promise<Conversation> {
  const talk = await converse(world, opencode, "web-shop");
  world.model.on(`paint ${talk.sessionId}`, [[ASK], [{ text: "Painted." }]]);
  await talk.say(`paint ${talk.sessionId}`);
  return talk;
}

test("a question is shown, an answer here is told where to go, and the one in the terminal counts", async () => {
  const talk = await asking();
  const post = await talk.reply(/^❓ .*Which colour\?/);
  expect(post.message).toEndWith("to be answered at OpenCode's own screen, which also dismisses");
  await talk.marked(post.id, []);
  await talk.say("Blue");
  await talk.reply(/terminal only/);
  const forms = await opencode.api.call("GET", `/api/session/${talk.sessionId}/form`);
  const [form] = Array.isArray(forms) ? forms : [];
  await talk.client.answer(talk.sessionId, String(Object(form).id), [["Blue"]]);
  await talk.reply(/^✅ [\s\S]*Painted\.$/);
  await world.becomes(post.id, /^✅ \*\*Answered\*\* in the terminal.*\*\*Blue\*\*/);
  await talk.atRest();
});

test("a tool that has to ask is not offered", async () => {
  const talk = await converse(world, opencode, "web-shop");
  const send = { tool: "mattermost_send_file", args: { path: "a.txt" } };
  world.model.on("send it", [[send], [{ text: "Well." }]]);
  await talk.say("send it");
  await talk.reply(/^✅ [\s\S]*Well\.$/);
  await talk.reply(/No tool named/);
});

test("!status says where the log is, and only its owner can read that", async () => {
  await world.sayInMain("!status");
  await world.mainReply(/log `~\/\.local\/state\/opencode-mattermost\/log\.txt`/);
  const folder = join(opencode.home, ".local/state/opencode-mattermost");
  const logs = readdirSync(folder).filter((name) => name.startsWith("log.txt"));
  for (const name of logs) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});
