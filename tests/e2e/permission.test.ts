// Permissions on the real OpenCode: asked in the thread with the whole command, answered there in every way.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { StandInPost } from "../../src/playground/stand-in/stand-in.ts";
import {
  bash,
  type Conversation,
  converse,
  firstLine,
  named,
  requestIdOf,
  startInstallation,
  toolResults,
} from "../support/conversation.ts";
import { HOST } from "../support/hosts/chosen.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

const SEEDED = ["white_check_mark", "unlock", "x"];

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["payments-api"], {
    config: { permission: { bash: "ask" } },
  }));
}, 120_000);
afterAll(() => world.stop());

/** OpenCode 2 does not tell the model why: a note does, and the model answers that. */
const DENIAL = /^The user denied this/;

interface Asked {
  readonly talk: Conversation;
  /** The post that asks. */
  readonly post: StandInPost;
}

/** A new session whose model wants to run the command; resolves when the thread asks. */
async function asked(command: string, project = "payments-api"): Promise<Asked> {
  const talk = await converse(world, opencode, project);
  const prompt = `please run in ${talk.sessionId}`;
  world.model.on(prompt, [[bash(command)], [{ text: "It is over." }]]);
  world.model.on(DENIAL, [[{ text: "It is over." }]]);
  await talk.say(prompt);
  const post = await talk.reply(/^✋ \*\*.*needs your OK/);
  await talk.marked(post.id, SEEDED);
  return { talk, post };
}

/** The post says what was decided, its marks are gone, and the run has ended. */
async function decided({ talk, post }: Asked, how: RegExp): Promise<StandInPost> {
  const after = await world.becomes(post.id, how);
  await talk.marked(post.id, []);
  await talk.reply(/^✅ \*\*payments-api\*\* · /);
  await talk.atRest();
  return after;
}

async function isPending({ talk, post }: Asked): Promise<boolean> {
  const pending = await talk.client.permissions(talk.sessionId);
  return pending.includes(requestIdOf(post));
}

describe("answered in the thread", () => {
  test("by ✅: it runs, once", async () => {
    const request = await asked("echo tapped-$((40 + 2))");
    const card = await request.talk.card("✋");
    expect(firstLine(card)).toContain("payments-api");
    await request.talk.react(request.post.id, "white_check_mark");
    const after = await decided(
      request,
      named(/^✅ \*\*Allowed once\*\* by @alice, \d\d:\d\d · \*\*bash\*\*/),
    );
    expect(after.message).toContain("echo tapped-$((40 + 2))");
    expect(toolResults(request.talk.calls()).join()).toContain("tapped-42");
    expect(request.talk.calls()).toHaveLength(2);
  });

  test("by a typed yes, which is marked and no prompt", async () => {
    const request = await asked("echo typed-$((40 + 2))");
    const said = await request.talk.say("yes");
    await request.talk.marked(said, ["eyes"]);
    await decided(request, /^✅ \*\*Allowed once\*\* by @alice/);
    expect(toolResults(request.talk.calls()).join()).toContain("typed-42");
    expect(request.talk.calls().map(({ userText }) => userText)).not.toContain("yes");
  });

  test("by 🔓: a second equal command is not asked again", async () => {
    const talk = await converse(world, opencode, "payments-api-always");
    world.model.on("twice, please", [
      [bash("printf 'first-%s' one")],
      [bash("printf 'second-%s' two")],
      [{ text: "Both ran." }],
    ]);
    await talk.say("twice, please");
    const post = await talk.reply(/^✋ .*needs your OK/);
    expect(post.message).toContain(`🔓 always would allow **${HOST.shell}**: \`printf *\``);
    await talk.marked(post.id, SEEDED);
    await talk.react(post.id, "unlock");
    await world.becomes(post.id, /^🔓 \*\*Always allowed\*\* by @alice/);
    await talk.marked(post.id, []);
    await talk.reply(/^✅[\s\S]*Both ran\.$/);
    expect(toolResults(talk.calls()).join()).toMatch(/first-one[\s\S]*second-two/);
    const requests = talk.replies().filter(({ message }) => message.includes(`**${HOST.shell}**`));
    expect(requests.map(({ id }) => id)).toEqual([post.id]);
  });

  test("by a denial with its reason, which the model is told", async () => {
    const request = await asked("echo never-run");
    const { talk, post } = request;
    const said = await talk.say("no, because it is Friday");
    await world.becomes(post.id, named(/^❌ \*\*Denied\*\* by @alice, \d\d:\d\d · \*\*bash\*\*/));
    await talk.marked(post.id, []);
    await talk.marked(said, ["eyes"]);
    await talk.reply(/^✅[\s\S]*It is over\.$/);
    const told = JSON.stringify(talk.calls().at(-1)?.messages.slice(-2));
    expect(told).toContain("it is Friday");
    expect(toolResults(talk.calls()).join()).not.toMatch(/^never-run$/m);
    await talk.atRest();
  });

  test("by ❌ alone: it does not run, and the turn says so", async () => {
    const request = await asked("echo never-run-either");
    const { talk, post } = request;
    await talk.react(post.id, "x");
    await world.becomes(post.id, /^❌ \*\*Denied\*\* by @alice/);
    await talk.marked(post.id, []);
    await talk.atRest();
    const next = await talk.say("and now something else");
    await talk.reply(/Scripted answer to: and now something else/);
    await talk.marked(next, ["eyes"]);
  });
});

test("decided at the terminal: the post says so and its marks go", async () => {
  const request = await asked("echo from-the-terminal");
  const { talk, post } = request;
  await talk.client.allow(talk.sessionId, requestIdOf(post));
  await decided(
    request,
    named(/^✅ \*\*Allowed once\*\* in the terminal, \d\d:\d\d · \*\*bash\*\*/),
  );
  await talk.react(post.id, "x");
  await talk.caughtUp();
  expect(world.mattermost.post(post.id)?.message).toContain("in the terminal");
});

test("a stray emoji, another user, a reaction taken away decide nothing", async () => {
  const request = await asked("echo still-waiting");
  const { talk, post } = request;
  await talk.react(post.id, "tada");
  await talk.unreact(post.id, "tada");
  // Taking away what was never given is told like any other removal.
  await talk.unreact(post.id, "white_check_mark");
  await talk.unreact(post.id, "x");
  const stranger = world.mattermost.as("mallory");
  await stranger.react(post.id, "white_check_mark").catch(() => undefined);
  await talk.caughtUp();
  expect(await isPending(request)).toBe(true);
  expect(talk.calls()).toHaveLength(1);
  expect(world.mattermost.post(post.id)?.message).toStartWith("✋");
  await talk.marked(post.id, SEEDED);
  await talk.react(post.id, "+1_medium_skin_tone");
  await decided(request, /^✅ \*\*Allowed once\*\* by @alice/);
});

test("a tap counts although the server has not confirmed yet that it made the post", async () => {
  const { model, mattermost } = world;
  const talk = await converse(world, opencode, "payments-api");
  model.on("speak, then run", [
    [{ text: "Speaking." }, { gate: "then run" }, bash("echo unconfirmed")],
    [{ text: "It ran." }],
  ]);
  await talk.say("speak, then run");
  await talk.reply(/Speaking\./);
  const scope = { user: "opencode", method: "POST", path: /^\/posts$/, times: 1 };
  const lost = mattermost.faults.loseAnswer(scope);
  model.release("then run");
  const post = await talk.reply(/^✋ .*needs your OK/);
  await talk.react(post.id, "white_check_mark");
  await model.until("the model's next turn", () => talk.calls().length === 2);
  expect(lost.hits).toBe(1);
  lost.clear();
  await decided({ talk, post }, /^✅ \*\*Allowed once\*\* by @alice/);
});

test("the post names the project and holds the whole command, backticks and newlines included", async () => {
  const lines = [
    "cat <<'END' > notes.md",
    "```sh",
    "echo `date` && echo $HOME | tr a-z A-Z",
    "```",
    `# ${"long line ".repeat(20)}`,
    "END",
    "wc -l notes.md # the last line",
  ];
  const command = lines.join("\n");
  expect(command.length).toBeGreaterThan(300);
  const request = await asked(command);
  const { post, talk } = request;
  const [head = "", legend = "", ...body] = post.message.split("\n");
  const openUntil = HOST.openUntil.exec(legend)?.[0];
  expect(openUntil).toBeDefined();
  expect(head).toBe(`✋ **payments-api** needs your OK: **${HOST.shell}**`);
  const how = "✅ once · 🔓 always · ❌ deny – tap, or reply yes, always, no, because …";
  expect(legend).toBe([how, ...(openUntil ? [openUntil] : [])].join(" · "));
  expect(body.join("\n")).toStartWith(
    `\`\`\`\`sh\n${command}\n\`\`\`\`\ndescription: \`Run it\`\n🔓 always would allow **${HOST.shell}**:`,
  );
  await talk.react(post.id, "white_check_mark");
  const after = await decided(request, /^✅ \*\*Allowed once\*\*/);
  expect(after.message).toContain(command);
});

test("typing is shown while a session works, and not while a permission waits", async () => {
  const { model, mattermost } = world;
  model.on("take your time", [[{ text: "Hm" }, { gate: "time taken" }, { text: ", done." }]]);
  const works = await converse(world, opencode, "payments-api");
  await works.say("take your time");
  const request = await asked("echo quiet");
  const { talk, post } = request;
  const typed = ({ rootId }: Conversation) =>
    mattermost.typing().filter(({ parentId }) => parentId === rootId).length;
  const [working, waiting] = [typed(works), typed(talk)];
  expect(waiting).toBeGreaterThan(0);
  await mattermost.until("typing in the other thread", () => typed(works) >= working + 2);
  expect(typed(talk)).toBe(waiting);
  model.release("time taken");
  await works.reply(/^✅/);
  await talk.react(post.id, "white_check_mark");
  await decided(request, /^✅/);
});
