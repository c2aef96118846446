// What the owner writes in a thread reaches that session's model exactly as written, and no other.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { HostProcess } from "../support/hosts/host.ts";
import {
  belowFirstLine,
  newSession,
  startWorld,
  storedAnswers,
  type World,
} from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  opencode = await world.opencode();
}, 60_000);
afterAll(() => world.stop());

async function newThread(project: string) {
  const client = opencode.client(await opencode.newDirectory(project));
  const sessionId = await newSession(client);
  return { client, sessionId, root: await world.rootOf(sessionId) };
}

describe("a prompt is not changed on its way", () => {
  let thread: Awaited<ReturnType<typeof newThread>>;
  beforeAll(async () => {
    world.model.otherwise(({ messages }) => [
      { text: `Answer ${messages.filter(({ role }) => role === "user").length}.` },
    ]);
    thread = await newThread("odd-texts");
  }, 60_000);

  const texts: readonly (readonly [what: string, text: string])[] = [
    ["leading and trailing spaces", "   three before, two after  "],
    ["indented lines and tabs", "    four\n\tone tab\n  - two"],
    ["newlines, also at the end", "one\n\n\ntwo\nthree\n"],
    ["backticks and a fence", "Why does `a | b` fail?\n```sh\necho \"$HOME\" | sed 's/a/b/'\n```"],
    ["quotes and backslashes", `"double" 'single' «angled» \\n \\\\ "unbalanced`],
    ["emoji", "👩‍👩‍👧‍👦 🇩🇪 👍🏽 ✅ :smile: 🛑"],
    ["a reference to a file", "@README.md what is in it?"],
    ["an unknown word after an exclamation mark", "!important thing: keep the tests"],
    ["an exclamation mark and no word", "! is not a command, !1 neither"],
    ["a mention and a hashtag", "@alice @opencode @channel #fix-it"],
    ["a slash command", "/help me please"],
    ["HTML and entities", "<b>bold</b> &amp; &lt;script&gt; <!-- note -->"],
    ["a placeholder", `\${HOME} {{name}} {env:MATTERMOST_TOKEN} $1 %s`],
    ["a word that answers a request when one waits", "yes"],
    ["a number that answers a question when one waits", "1"],
    ["a picture in Markdown", "![alt](https://example.com/x.png)"],
    ["right to left and combining letters", "שלום עולם, Zürich, Z\u0308urich"],
    ["an exclamation that is no command", "!important fix"],
    ["a number and a word", "3 files"],
    ["another program's command", "/slash"],
    ["a file to look at", "@file.ts please"],
    ["as much as a post may hold", "lorem ipsum 🙂 ".repeat(1_200).slice(0, 16_383)],
    ["3,000 characters", "lorem ipsum 🙂 ".repeat(250).slice(0, 3_000)],
  ];
  test.each(texts)("%s", async (_, text) => {
    const { sessionId, root } = thread;
    const turn = world.callsOf(sessionId).length + 1;
    const postId = await world.say(root.id, text);
    expect(world.mattermost.post(postId)?.message).toBe(text);
    await world.answered(root.id, `Answer ${turn}.`);
    const calls = world.callsOf(sessionId);
    expect(calls.map(({ userText }) => userText).slice(turn - 1)).toEqual([text]);
    expect(world.replies(root.id)).toHaveLength(turn);
    await world.mattermost.until("the mark under the prompt", () =>
      world.mattermost.reactions(postId).some(({ emoji }) => emoji === "eyes"),
    );
  });
});

test("three threads at once: every prompt in its own session, every answer in its own thread", async () => {
  const names = ["lane-a", "lane-b", "lane-c"];
  const { model } = world;
  model.on(/^go lane-/, ({ userText }) => {
    const lane = userText.slice(3);
    return [
      { text: `${lane} begins` },
      { gate: `${lane} middle` },
      { text: `, ${lane} goes on` },
      { gate: `${lane} end` },
      { text: `, ${lane} ends.` },
    ];
  });
  const threads = await Promise.all(
    names.map(async (name) => ({ name, ...(await newThread(name)) })),
  );
  await Promise.all(threads.map(({ name, root }) => world.say(root.id, `go ${name}`)));
  const posts = await Promise.all(
    threads.map(async ({ name, root }) => world.reply(root.id, new RegExp(`${name} begins`))),
  );
  expect([...model.held()].sort()).toEqual(names.map((name) => `${name} middle`));
  for (const name of ["lane-c", "lane-a", "lane-b"]) model.release(`${name} middle`);
  await Promise.all(
    names.map((name, at) => world.becomes(posts[at]?.id ?? "", new RegExp(`${name} goes on`))),
  );
  for (const name of ["lane-b", "lane-c", "lane-a"]) model.release(`${name} end`);

  for (const [at, { name, client, sessionId, root }] of threads.entries()) {
    const last = await world.becomes(posts[at]?.id ?? "", /^✅/);
    expect(belowFirstLine(last)).toBe(`${name} begins, ${name} goes on, ${name} ends.`);
    expect(await storedAnswers(client, sessionId)).toEqual([belowFirstLine(last)]);
    expect(world.replies(root.id)).toHaveLength(1);
    expect(world.callsOf(sessionId).map(({ userText }) => userText)).toEqual([`go ${name}`]);
    for (const other of names.filter((n) => n !== name)) {
      expect(last.message).not.toContain(other);
      expect(world.roots(sessionId)[0]?.message).not.toContain(other);
    }
  }
});

test("a long run in one thread does not hold up another", async () => {
  const { model } = world;
  model.on("take long", [[{ text: "Working" }, { gate: "long run" }, { text: " and done." }]]);
  const [slow, quick] = await Promise.all([newThread("slow"), newThread("quick")]);
  await world.say(slow.root.id, "take long");
  const working = await world.reply(slow.root.id, /Working/);
  await world.say(quick.root.id, "be quick");
  await world.answered(quick.root.id);
  expect(model.held()).toEqual(["long run"]);
  model.release("long run");
  await world.becomes(working.id, /^✅[\s\S]*Working and done\.$/);
});
