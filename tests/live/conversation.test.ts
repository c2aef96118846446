// One whole conversation on a real Mattermost server, with the real OpenCode.
import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../src/playground/model/scripted-model.ts";
import { bash } from "../support/conversation.ts";
import { HOST } from "../support/hosts/chosen.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import {
  type LiveMattermost,
  type LivePost,
  openLiveMattermost,
} from "../support/live-mattermost.ts";
import { newSession, PLUGIN } from "../support/world.ts";

let mattermost: LiveMattermost;
let model: ScriptedModel;
let opencode: HostProcess;

beforeAll(async () => {
  mattermost = await openLiveMattermost();
  model = await startScriptedModel();
  model.on("run it", [
    [{ text: "I will run it." }, bash("echo live")],
    [{ text: "It said live." }],
  ]);
  model.on("long", [[{ text: "word ".repeat(8_000) }]]);
  opencode = await HOST.start({
    mode: "serve",
    model: model.url,
    plugin: { path: PLUGIN, options: { url: mattermost.url, owner: mattermost.owner } },
    config: { permission: { bash: "ask" } },
    env: { MATTERMOST_TOKEN: mattermost.botToken },
  });
}, 90_000);
afterAll(async () => {
  await opencode?.stop();
  await model?.stop();
});

const under = (posts: readonly LivePost[], rootId: string) =>
  posts.filter((post) => post.root_id === rootId);

async function openSession(project: string) {
  const client = opencode.client(await opencode.newDirectory(project));
  const id = await newSession(client);
  const root = await mattermost.until(`the thread of ${id}`, (posts) =>
    posts.find((post) => JSON.stringify(post.props ?? {}).includes(id)),
  );
  return { id, client, root };
}

test("a session becomes a thread, a reply prompts it, and the answer comes back", async () => {
  const { root } = await openSession("live-project");
  expect(root.message).toContain("live-project");
  await mattermost.say("hello from a real server", root.id);
  await mattermost.until("the answer", (posts) =>
    under(posts, root.id).find((p) => /^✅[\s\S]*answer to: hello from a real/.test(p.message)),
  );
  expect(model.calls().map((call) => call.userText)).toContain("hello from a real server");
});

test("a permission is answered by a reaction", async () => {
  const { root } = await openSession("live-permission");
  await mattermost.say("run it", root.id);
  const asked = await mattermost.until("the request", (posts) =>
    under(posts, root.id).find((post) => post.message.includes("needs your OK")),
  );
  expect(asked.message).toContain("echo live");
  await mattermost.react(asked.id, "white_check_mark");
  await mattermost.until("the decision", (posts) =>
    posts.find((post) => post.id === asked.id && post.message.includes("Allowed once")),
  );
  await mattermost.until("the answer", (posts) =>
    under(posts, root.id).find((post) => /^✅[\s\S]*It said live\./.test(post.message)),
  );
});

test("a long answer is split at the server's limit and is complete", async () => {
  const { root } = await openSession("live-long");
  await mattermost.say("long please", root.id);
  const texts = await mattermost.until("the whole answer", (posts) => {
    const parts = under(posts, root.id).filter((post) => post.message.includes("word"));
    const words = parts.reduce((sum, p) => sum + (p.message.match(/\bword\b/g)?.length ?? 0), 0);
    return words === 8_000 && parts[0]?.message.startsWith("✅") ? parts : undefined;
  });
  expect(texts.length).toBeGreaterThan(2);
  for (const { message } of texts) expect([...message].length).toBeLessThanOrEqual(16_383);
});

test("commands answer in the main DM, and only there", async () => {
  const asked = await mattermost.say("!sessions");
  const answer = await mattermost.until("the list", (posts) => {
    const at = posts.findIndex((post) => post.id === asked);
    return posts.slice(at + 1).find((post) => post.message.includes("_redirect/pl/"));
  });
  expect(answer.message).toContain("live-project");
  await mattermost.say("do this for me");
  await mattermost.until("the refusal", (posts) =>
    posts.find((post) => post.message.startsWith("**Prompts not accepted in main DM**")),
  );
});
