// Files that the model sends: from the project at once, from anywhere else only with the owner's permission.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StandInPost } from "../../src/playground/stand-in/stand-in.ts";
import {
  type Conversation,
  converse,
  startInstallation,
  toolResults,
} from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

const BYTES = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 13) % 256);

let world: World;
let opencode: HostProcess;
let secret: string;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["web-shop"]));
  const project = await opencode.newDirectory("web-shop");
  mkdirSync(join(project, "out"), { recursive: true });
  writeFileSync(join(project, "out", "chart.png"), BYTES);
  writeFileSync(join(project, ".env"), "TOKEN=not-for-everybody");
  const elsewhere = join(opencode.home, "elsewhere");
  mkdirSync(elsewhere);
  secret = join(elsewhere, "secret.txt");
  writeFileSync(secret, "not for everybody");
  symlinkSync(secret, join(project, "harmless.txt"));
}, 120_000);
afterAll(() => world.stop());

/** A session whose model sends the file. */
async function sending(path: string, comment?: string): Promise<Conversation> {
  const talk = await converse(world, opencode, "web-shop");
  const prompt = `send it in ${talk.sessionId}`;
  const args = comment === undefined ? { path } : { path, comment };
  world.model.on(prompt, [[{ tool: "mattermost_send_file", args }], [{ text: "That was it." }]]);
  await talk.say(prompt);
  return talk;
}

async function over(talk: Conversation): Promise<string> {
  await talk.reply(/^✅ [\s\S]*That was it\.$/);
  await talk.atRest();
  return toolResults(talk.calls()).join();
}

const withFiles = (talk: Conversation): readonly StandInPost[] =>
  talk.replies().filter(({ fileIds }) => fileIds.length > 0);

const fileOf = (post: StandInPost | undefined) => world.mattermost.file(post?.fileIds[0] ?? "");

describe("inside the project", () => {
  test("is posted with its comment and the same bytes, unasked", async () => {
    const talk = await sending("out/chart.png", "The **chart** you wanted");
    expect(await over(talk)).toBe("Sent chart.png to the user.");
    const [post, ...more] = withFiles(talk);
    expect(more).toEqual([]);
    expect(post?.message).toBe("The **chart** you wanted");
    expect(fileOf(post)?.name).toBe("chart.png");
    expect(new Uint8Array(fileOf(post)?.bytes ?? [])).toEqual(BYTES);
    expect(talk.replies().some(({ message }) => message.includes("needs your OK"))).toBe(false);
  });

  test("a file with secrets asks first, as reading it would; denied, it is not sent", async () => {
    const talk = await sending(".env");
    const post = await talk.reply(/^✋ \*\*web-shop\*\* needs your OK: \*\*read\*\*/);
    expect(post.message).toContain("`.env`");
    await talk.react(post.id, "x");
    await talk.card("🟢");
    await world.becomes(post.id, /^❌ \*\*Denied\*\* by @alice/);
    expect(withFiles(talk)).toEqual([]);
  });

  test("what takes its place while it asks is not sent: the file that was asked about is", async () => {
    const path = join(await opencode.newDirectory("web-shop"), ".env.local");
    writeFileSync(path, "TOKEN=asked-about");
    const talk = await sending(".env.local");
    const post = await talk.reply(/^✋ \*\*web-shop\*\* needs your OK: \*\*read\*\*/);
    await talk.marked(post.id, ["white_check_mark", "unlock", "x"]);
    rmSync(path);
    symlinkSync(secret, path);
    await talk.react(post.id, "white_check_mark");
    expect(await over(talk)).toBe("Sent .env.local to the user.");
    expect(Buffer.from(fileOf(withFiles(talk)[0])?.bytes ?? []).toString()).toBe(
      "TOKEN=asked-about",
    );
  });

  test("what is not there is told to the model", async () => {
    const talk = await sending("out/no-such.png");
    expect(await over(talk)).toStartWith("Not sent: out/no-such.png cannot be read");
    expect(withFiles(talk)).toEqual([]);
  });
});

describe("outside the project", () => {
  async function asked(path: string): Promise<{ talk: Conversation; post: StandInPost }> {
    const talk = await sending(path);
    const post = await talk.reply(
      /^✋ \*\*web-shop\*\* needs your OK: \*\*external\\_directory\*\*/,
    );
    expect(post.message).toContain("elsewhere/secret.txt");
    await talk.marked(post.id, ["white_check_mark", "unlock", "x"]);
    return { talk, post };
  }

  test.each([
    ["a link that leads out", () => "harmless.txt"],
    ["an absolute path", () => secret],
    ["a path with dots", () => "../../elsewhere/secret.txt"],
  ])("%s asks; denied, it is not sent", async (_, path) => {
    const { talk, post } = await asked(path());
    await talk.react(post.id, "x");
    await world.becomes(post.id, /^❌ \*\*Denied\*\* by @alice/);
    await talk.atRest();
    expect(withFiles(talk)).toEqual([]);
  });

  test("allowed, it is sent", async () => {
    const { talk, post } = await asked(secret);
    await talk.react(post.id, "white_check_mark");
    expect(await over(talk)).toBe("Sent secret.txt to the user.");
    expect(Buffer.from(fileOf(withFiles(talk)[0])?.bytes ?? []).toString()).toBe(
      "not for everybody",
    );
  });
});
