// Stopping a run, and prompts that come while one goes on: the thread tells the truth and the session goes on working.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  bash,
  type Conversation,
  converse,
  firstLine,
  named,
  requestIdOf,
  startInstallation,
} from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import { belowFirstLine, type World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["web-shop"], {
    config: { permission: { bash: { "*": "allow", "rm *": "ask" } } },
  }));
}, 120_000);
afterAll(() => world.stop());

/** The session takes a further prompt and answers it. */
async function worksOn(talk: Conversation): Promise<void> {
  await talk.atRest();
  const text = `are you there, ${talk.sessionId}?`;
  const said = await talk.say(text);
  await talk.reply(/^✅[\s\S]*Scripted answer to: are you there/);
  await talk.marked(said, ["eyes"]);
  await talk.atRest();
}

describe("🛑 on a post of the bot", () => {
  test("while a text streams: what was written stays, the first line says stopped", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("tell me a story", [
      [{ text: "Once upon a time" }, { gate: "never: the story" }, { text: " it ended." }],
    ]);
    await talk.say("tell me a story");
    const post = await talk.reply(/Once upon a time/);
    await talk.react(post.id, "octagonal_sign");
    const stopped = await world.becomes(post.id, /^🛑/);
    expect(firstLine(stopped)).toMatch(/^🛑 \*\*web-shop\*\* · stopped after [\d.]+ s$/);
    expect(belowFirstLine(stopped)).toBe("Once upon a time");
    await world.model.until("the abort", () => talk.calls()[0]?.aborted);
    expect(talk.replies()).toHaveLength(1);
    await worksOn(talk);
  });

  test("while a command runs: its line and the headline say so", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("take a nap", [[bash("echo napping; sleep 30")], [{ text: "Rested." }]]);
    await talk.say("take a nap");
    const post = await talk.reply(
      named(/⏳ \d+ s · bash `echo napping; sleep 30`[\s\S]*\nnapping\n/),
    );
    await talk.react(post.id, "octagonal_sign");
    const headline = await talk.reply(/^🛑 \*\*web-shop\*\* · stopped after/);
    await talk.atRest();
    const work = world.mattermost.post(post.id)?.message ?? "";
    expect(work).toMatch(/^🛑 [\d.]+ s · 1 tool/);
    expect(work).not.toContain("⏳");
    expect(headline.message).not.toContain("Rested.");
    expect(talk.calls()).toHaveLength(1);
    await worksOn(talk);
  });

  test("on the card stops too; where nothing runs it does nothing", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("count for ever", [[{ text: "One, two" }, { gate: "never: the count" }]]);
    await talk.react(talk.rootId, "octagonal_sign");
    await talk.caughtUp();
    await talk.say("count for ever");
    const post = await talk.reply(/One, two/);
    await talk.unreact(talk.rootId, "octagonal_sign");
    await talk.caughtUp();
    expect(world.mattermost.post(post.id)?.message).toStartWith("⏳");
    await talk.react(talk.rootId, "octagonal_sign");
    await world.becomes(post.id, /^🛑/);
    await worksOn(talk);
  });
});

describe("a prompt while the session works", () => {
  test("is marked 📥, then 👀; both turns end right", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("the long one", [
      [{ text: "Long work" }, { gate: "long work" }, { text: " is done." }],
    ]);
    world.model.on("the short one", [[{ text: "Short work is done." }]]);
    const long = await talk.say("the long one");
    const first = await talk.reply(/Long work/);
    await talk.marked(long, ["eyes"]);
    const short = await talk.say("the short one");
    await talk.marked(short, ["inbox_tray"]);
    world.model.release("long work");
    await talk.marked(short, ["eyes"]);
    const second = await talk.reply(/^✅[\s\S]*Short work is done\.$/);
    await talk.atRest();
    const whole = await world.becomes(first.id, /Long work is done\.$/);
    expect(firstLine(whole)).toMatch(/^✅ \*\*web-shop\*\* · /);
    expect(belowFirstLine(second)).toBe("Short work is done.");
    expect(talk.replies().map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(talk.calls().map(({ userText }) => userText)).toEqual(["the long one", "the short one"]);
  });

  test("between two steps steers the run: nothing is lost, nothing stays unfinished", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("look around", [
      [{ text: "I look." }, { gate: "look around" }, bash("echo looked")],
      [{ text: "Never said." }],
    ]);
    world.model.on("only the north", [[{ text: "North it is." }]]);
    const first = await talk.say("look around");
    await talk.reply(/I look\./);
    const second = await talk.say("only the north");
    await talk.marked(second, ["inbox_tray"]);
    world.model.release("look around");
    await talk.reply(/^✅[\s\S]*North it is\.$/);
    await talk.marked(first, ["eyes"]);
    await talk.marked(second, ["eyes"]);
    await talk.atRest();
    const all = talk
      .replies()
      .map(({ message }) => message)
      .join("\n---\n");
    expect(all.match(/I look\./g)).toHaveLength(1);
    expect(all).toMatch(named(/✓ bash · `echo looked`/));
    expect(all.match(/^✅/gm)).toHaveLength(1);
    expect(all).not.toContain("Never said.");
    await worksOn(talk);
  });

  test("then the run is stopped: the prompt that waited is told as not run", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("never ending", [[{ text: "On and on" }, { gate: "never: ending" }]]);
    await talk.say("never ending");
    const post = await talk.reply(/On and on/);
    const waits = await talk.say("I wait my turn");
    await talk.marked(waits, ["inbox_tray"]);
    await talk.react(post.id, "octagonal_sign");
    await world.becomes(post.id, /^🛑 \*\*web-shop\*\* · stopped after/);
    await talk.reply(/^🛑 \*\*web-shop\*\* · stopped before this prompt ran · send it again/);
    await talk.atRest();
    expect(talk.calls().map(({ userText }) => userText)).toEqual(["never ending"]);
    await worksOn(talk);
  });
});

describe("while a permission waits", () => {
  async function asked(): Promise<{ talk: Conversation; postId: string; requestId: string }> {
    const talk = await converse(world, opencode, "web-shop");
    const prompt = `clean up ${talk.sessionId}`;
    world.model.on(prompt, [[bash("rm -rf build")], [{ text: "Clean." }]]);
    await talk.say(prompt);
    const post = await talk.reply(/^✋ .*needs your OK/);
    await talk.marked(post.id, ["white_check_mark", "unlock", "x"]);
    return { talk, postId: post.id, requestId: requestIdOf(post) };
  }

  test("🛑 stops the run: the request says that it was not decided, its marks go", async () => {
    const { talk, postId } = await asked();
    await talk.react(postId, "octagonal_sign");
    await talk.reply(/^🛑 \*\*web-shop\*\* · stopped after/);
    await world.becomes(postId, named(/^⚫ \*\*No longer asked\*\* · \*\*bash\*\*/));
    await talk.marked(postId, []);
    await worksOn(talk);
  });

  test("the session is deleted: the request, the turn and the card say so", async () => {
    const { talk, postId } = await asked();
    await talk.client.remove(talk.sessionId);
    await talk.reply(/^⚫ \*\*Session ended\*\*/);
    await world.becomes(postId, named(/^⚫ \*\*Not decided\*\*, the session ended · \*\*bash\*\*/));
    await talk.marked(postId, []);
    await talk.card("⚫");
    await world.mattermost.until("no post to say that it goes on", () =>
      talk.replies().every(({ message }) => !/^(?:⏳|✋)/.test(message)),
    );
    await talk.say("anybody there?");
    await talk.reply(/^\*\*Session ended\*\*/);
  });
});
