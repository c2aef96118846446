// "I sent a photo with my prompt, and for a minute and a half nothing happened. Then it said: not sent. Why?"
import { afterAll, beforeAll, expect, test } from "bun:test";
import { basename } from "node:path";
import { type Conversation, converse } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { startWorldOn, type World } from "../../support/world.ts";

/** Another plugin, which looks at every prompt. */
const OTHER_PLUGIN = `export const Other = async () => ({
  "chat.message": async (_, { parts }) => {
    const text = parts.map((part) => part.text ?? "").join(" ");
    if (text.includes("forbidden")) throw new Error("the house rules forbid that");
    if (text.includes("slowly")) await new Promise((resolve) => setTimeout(resolve, 24_000));
  },
});
`;
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({ input: ["image"] });
});
afterAll(() => world.stop());

async function talking(name: string): Promise<Conversation> {
  await opencode.newDirectory(name, { ".opencode/plugin/other.js": OTHER_PLUGIN });
  const talk = await converse(world, opencode, name);
  await talk.say("hello");
  await talk.reply(/^✅[\s\S]*hello$/);
  return talk;
}

/** What the model was told by the user, in its newest call. */
const told = (talk: Conversation): string =>
  talk
    .calls()
    .at(-1)
    ?.messages.flatMap(({ role, text }) => (role === "user" ? text : []))
    .join("\n") ?? "";

test("pictures that are none, or are broken: the text and the path are there within seconds", async () => {
  const talk = await talking("pictures");
  const pictures = [
    { name: "heic.jpg", bytes: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1") },
    { name: "broken.png", bytes: PNG.subarray(0, 40) },
  ];
  for (const picture of pictures) {
    const sentAt = Date.now();
    await talk.say(`look at ${picture.name}`, [picture]);
    await talk.reply(new RegExp(`^✅[\\s\\S]*look at ${picture.name}$`));
    expect(Date.now() - sentAt).toBeLessThan(15_000);
    const paths = [...told(talk).matchAll(/attached a file: (\S+)/g)].map(([, path = ""]) => path);
    expect(basename(paths.at(-1) ?? "")).toBe(picture.name);
  }
  await talk.reply(/^📎 \*\*Given by path\*\*.*`broken.png`.*could not be decoded/);
  await talk.say("and this", [{ name: "page.png", bytes: "<html>not found</html>" }]);
  await talk.reply(/^✅[\s\S]*and this$/);
  expect(told(talk)).toMatch(/attached a file: \S+page\.png/);
  expect(talk.replies().some(({ message }) => /given by path.*page\.png/i.test(message))).toBe(
    false,
  );
  expect(talk.replies().filter(({ message }) => /Not sent/.test(message))).toEqual([]);
});

test("another plugin refuses the prompt: its reason, within seconds, and the thread goes on", async () => {
  const talk = await talking("forbidden");
  const sentAt = Date.now();
  await talk.say("do what is forbidden");
  const refused = await talk.reply(/^❌ \*\*Not sent\*\*/);
  expect(Date.now() - sentAt).toBeLessThan(10_000);
  expect(refused.message).toContain("the house rules forbid that");
  expect(refused.message).not.toContain("$bunfs");
  await talk.say("then something else");
  await talk.reply(/^✅[\s\S]*then something else$/);
});

test("another plugin takes its time: the prompt is not called unsent, and runs once", async () => {
  const talk = await talking("slow");
  const postId = await talk.say("think slowly");
  const unsure = await talk.reply(/^❓/);
  await talk.reply(/^✅[\s\S]*think slowly$/);
  await world.becomes(unsure.id, /^✓ \*\*Sent\*\*/);
  await talk.marked(postId, ["eyes"]);
  await talk.atRest();
  expect(talk.calls().filter(({ userText }) => userText === "think slowly")).toHaveLength(1);
}, 120_000);

test("a default agent that does not exist: its name, within seconds", async () => {
  const other = await world.opencode({ config: { default_agent: "nobody" } });
  const talk = await converse(world, other, "default-agent");
  const sentAt = Date.now();
  await talk.say("hello");
  const refused = await talk.reply(/^❌ \*\*Not sent\*\*/);
  expect(Date.now() - sentAt).toBeLessThan(15_000);
  expect(refused.message).toContain('default agent "nobody" not found');
});
