// What a turn looks like in its thread: which posts there are, what each says, and that no text is lost or there twice.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { failures } from "../../src/playground/model/scripted-model.ts";
import {
  bash,
  converse,
  firstLine,
  keyOf,
  named,
  startInstallation,
} from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import { belowFirstLine, storedAnswers, type World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["payments-api"]));
}, 120_000);
afterAll(() => world.stop());

const talkNow = () => converse(world, opencode, "payments-api");

describe("posts", () => {
  test("two commands and an answer: one post of work, one with the answer", async () => {
    world.model.on("build and test", [
      [{ text: "First I build." }, bash("echo built; exit 3")],
      [bash("sleep 0.3; echo tested")],
      [{ text: "All is " }, { gate: "the answer" }, { text: "**well**." }],
    ]);
    const talk = await talkNow();
    await talk.say("build and test");
    const work = await talk.reply(named(/✓ bash · `sleep 0\.3; echo tested`[\s\S]*All is/));
    expect(talk.replies().map(({ id }) => id)).toEqual([work.id]);
    world.model.release("the answer");
    const answer = await talk.reply(/^✅/);
    await talk.atRest();
    const after = await world.becomes(work.id, /^✓ [\d.]+ s · 2 tools · 1 failed\n/);
    await world.mattermost.until("the text to be in one place", () => {
      return !world.mattermost.post(work.id)?.message.includes("All is");
    });
    expect(world.mattermost.post(work.id)?.message.split("\n").slice(1)).toEqual([
      "First I build.",
      expect.stringMatching(named(/^✗ bash · `echo built; exit 3` · exit 3/)),
      expect.stringMatching(named(/^✓ bash · `sleep 0\.3; echo tested` · 0\.\d s$/)),
    ]);
    expect(after.message).not.toContain("⏳");
    expect(firstLine(answer)).toMatch(/^✅ \*\*payments-api\*\* · [\d.]+ s$/);
    expect(belowFirstLine(answer)).toBe("All is **well**.");
    expect(talk.replies().map(({ id }) => id)).toEqual([work.id, answer.id]);
  });

  test("the text leaves the work only when it is in the answer", async () => {
    world.model.on("one, then talk", [[bash("echo one")], [{ text: "It moves as a whole." }]]);
    const talk = await talkNow();
    const versions: string[] = [];
    const done = world.mattermost.until("both posts", () => {
      versions.push(
        talk
          .replies()
          .map(({ message }) => message)
          .join("\n"),
      );
      const [work, answer] = talk.replies();
      return answer?.message.startsWith("✅") && work?.message.startsWith("✓");
    });
    await talk.say("one, then talk");
    await done;
    const first = versions.findIndex((text) => text.includes("It moves as a whole."));
    expect(first).toBeGreaterThan(0);
    expect(versions.slice(first).every((text) => text.includes("It moves as a whole."))).toBe(true);
    expect(versions.at(-1)?.match(/It moves as a whole\./g)).toHaveLength(1);
  });

  test("a long text between steps has a post of its own, work goes on below it", async () => {
    const long = `Findings: ${"a word and another, ".repeat(36)}end.`;
    expect(long.length).toBeGreaterThan(700);
    world.model.on("explain first", [
      [bash("echo before")],
      [{ text: long }, bash("echo after")],
      [{ text: "That is it." }],
    ]);
    const talk = await talkNow();
    await talk.say("explain first");
    await talk.reply(/^✅[\s\S]*That is it\.$/);
    await talk.atRest();
    const [first, second, third, answer, ...more] = talk.replies().map(({ message }) => message);
    expect(more).toEqual([]);
    expect(first).toMatch(named(/^✓ [\d.]+ s · 2 tools\n✓ bash · `echo before`[^\n]*$/));
    expect(second).toBe(long);
    expect(third).toMatch(named(/^✓ bash · `echo after`[^\n]*$/));
    expect(answer).toMatch(/^✅ \*\*payments-api\*\* · [\d.]+ s\n\nThat is it\.$/);
  });

  test("40,000 characters come in posts below the limit that join to the stored text", async () => {
    const paragraph = (index: number) =>
      `${index}. ${"lorem_ipsum_dolor_sit_amet_🙂_consectetur ".repeat(8)}\n\n`;
    const text = Array.from({ length: 130 }, (_, index) => paragraph(index)).join("");
    expect([...text].length).toBeGreaterThan(40_000);
    world.model.on("write a book", [[bash("echo ink")], [{ text }]]);
    const talk = await talkNow();
    await talk.say("write a book");
    const head = await talk.reply(/^✅/);
    await talk.atRest();
    const [stored = ""] = (await storedAnswers(talk.client, talk.sessionId)).slice(-1);
    const join = () => {
      const posts = talk.replies().filter((post) => keyOf(post).startsWith(keyOf(head)));
      const order = posts.toSorted((a, b) => partOf(keyOf(a)) - partOf(keyOf(b)));
      return order.map((post, at) => (at === 0 ? belowFirstLine(post) : post.message)).join("");
    };
    await world.mattermost.until("the whole text", () => join().trim() === stored.trim());
    expect(stored).toBe(text);
    const posts = talk.replies();
    expect(posts.length).toBeGreaterThan(3);
    for (const { message } of posts) expect([...message].length).toBeLessThanOrEqual(16_383);
    expect(posts.filter(({ message }) => message.startsWith("✅"))).toHaveLength(1);
    expect(posts[0]?.message).toMatch(named(/^✓ [\d.]+ s · 1 tool\n✓ bash · `echo ink`[^\n]*$/));
  });
});

const partOf = (key: string): number => Number(/\.(\d+)$/.exec(key)?.[1] ?? 0);

describe("where a prompt comes from", () => {
  test("from the terminal: quoted and marked in the turn's first post, no post of its own", async () => {
    const talk = await talkNow();
    await talk.typeInTerminal("typed by hand\nin two lines");
    const post = await talk.reply(/Scripted answer to: typed by hand/);
    await talk.atRest();
    expect(world.mattermost.post(post.id)?.message).toMatch(
      /^✅ \*\*payments-api\*\* · [\d.]+ s\n\n⌨️ from the terminal\n> typed by hand\n> in two lines\n\nScripted answer to: typed by hand$/,
    );
    expect(talk.replies()).toHaveLength(1);
  });

  test("from the terminal, with tools: quoted once, in the post of work", async () => {
    world.model.on("typed, with work", [[bash("echo work")], [{ text: "Worked." }]]);
    const talk = await talkNow();
    await talk.typeInTerminal("typed, with work");
    await talk.reply(/^✅[\s\S]*Worked\.$/);
    await talk.atRest();
    const [work, answer] = talk.replies().map(({ message }) => message);
    expect(work).toContain("⌨️ from the terminal\n> typed, with work");
    expect(answer).not.toContain("⌨️");
    expect(talk.replies()).toHaveLength(2);
  });

  test("from the thread: not quoted, marked 👀", async () => {
    const talk = await talkNow();
    const said = await talk.say("written on a phone");
    await talk.reply(/^✅[\s\S]*Scripted answer to: written on a phone$/);
    await talk.marked(said, ["eyes"]);
    await talk.atRest();
    const all = talk
      .replies()
      .map(({ message }) => message)
      .join("\n");
    expect(all).not.toContain("⌨️");
    expect(all.match(/written on a phone/g)).toHaveLength(1);
  });
});

describe("the provider fails", () => {
  test("a refused key: ❌ with the provider's words and what to do", async () => {
    const error = failures.unauthorized();
    world.model.on("ask the provider", [[{ error }]]);
    const talk = await talkNow();
    await talk.say("ask the provider");
    const post = await talk.reply(/^❌/);
    // At once: OpenCode stores a prompt that comes while it winds the failed run up, and forgets to run it.
    const next = await talk.say("and now?");
    const [first, hint, ...rest] = post.message.split("\n");
    expect(first).toBe("❌ **payments-api** · Incorrect API key provided.");
    expect(hint).toContain("opencode auth login");
    expect(rest).toEqual([]);
    await talk.reply(/^✅[\s\S]*Scripted answer to: and now\?$/);
    await talk.marked(next, ["eyes"]);
    await talk.atRest();
    expect(talk.replies()).toHaveLength(2);
    const texts = talk.calls().map(({ userText }) => userText);
    expect(texts).toEqual(["ask the provider", "and now?"]);
  });

  test("too many requests: 🔁 shows that it is tried again, then comes the answer", async () => {
    const error = failures.rateLimited(2, 1);
    world.model.on("be patient", [[{ error }, { text: "Now it works." }]]);
    const talk = await talkNow();
    await talk.say("be patient");
    const retry = await talk.reply(/^🔁/);
    expect(firstLine(retry)).toMatch(
      /^🔁 .*(?:Rate limit|Too Many).*, (?:next try in \d+ s|trying again)$/i,
    );
    const answer = await talk.reply(/^✅[\s\S]*Now it works\.$/);
    await talk.atRest();
    expect(answer.id).toBe(retry.id);
    expect(talk.replies()).toHaveLength(1);
  });
});
