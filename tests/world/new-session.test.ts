// !new with names as people write them, folders that are gone, and files that come along.
import { describe, expect, test } from "bun:test";
import type { Post } from "../../src/models/chat.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { refused } from "../support/fake-chat.ts";
import { createOffice, FOLDERS } from "../support/office.ts";
import { createStreet } from "../support/several-gateways.ts";

describe("the name of a project", () => {
  test.each([
    "!new client portal fix it",
    '!new "client portal" fix it',
    "!new “client portal” fix it",
    "!new ~/code/client portal fix it",
    "!new code/client portal fix it",
    "!new /home/alice/code/client portal/ fix it",
    "!new portal fix it",
  ])("%s", async (words) => {
    const { says, started } = await createOffice();
    expect(await says(words)).toContain("begins");
    expect(started).toEqual(["/home/alice/code/client portal: fix it"]);
  });

  test("where it could be several, I am asked", async () => {
    const { says, started } = await createOffice(FOLDERS);
    const answer = await says("!new client portal fix it");
    expect(answer).toContain('"client portal" could be several: use the path.');
    expect(answer).toContain("`/srv/client portal`");
    expect(started).toEqual([]);
    await says("!new /srv/client portal fix it");
    expect(started).toEqual(["/srv/client portal: fix it"]);
  });

  test("a folder that is gone is said, and nothing is started", async () => {
    const { says, started, gone } = await createOffice();
    gone.add("/home/alice/code/client");
    expect(await says("!new client fix it")).toMatch(/not there any more, so nothing was started/);
    expect(await says("!projects")).toMatch(/`\/home\/alice\/code\/client` – not there any more/);
    expect(started).toEqual([]);
  });

  test("of many the list has a bound", async () => {
    const folders = Array.from({ length: 400 }, (_, at) => `/srv/project-${at}`);
    const { says } = await createOffice(folders);
    const answer = await says("!projects");
    expect(answer.split("\n")).toHaveLength(51);
    expect(answer).toMatch(/and 351 more/);
  });
});

describe("a file", () => {
  async function withFile(
    chat: ReturnType<typeof createStreet>["chat"],
    text: string,
    root?: Post,
  ) {
    const file = await chat.as("alice").upload(chat.dm, "log.txt", new TextEncoder().encode("log"));
    return chat.say(text, root?.id, [file]);
  }

  test.each(["look at this", ""])("with !new and %j reaches the new session", async (prompt) => {
    const { chat, clock, process, answersTo } = createStreet();
    const one = process("one");
    await one.up();
    const given: { readonly text: string; readonly files: number }[] = [];
    const { prompt: send } = one.host;
    one.host.prompt = (id, asked) => {
      given.push({ text: asked.text, files: asked.files.length });
      return send(id, asked);
    };
    const post = await withFile(chat, `!new project ${prompt}`);
    await clock.advance(5_000);
    expect(given).toEqual([{ text: prompt, files: 1 }]);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("begins")]);
  });

  test("that cannot be fetched is said, and the rest goes on", async () => {
    const { chat, clock, process, answersTo } = createStreet();
    const one = process("one");
    await one.up();
    const lost = await withFile(chat, "!new project and at this");
    chat.faults.fail("download", refused("app.file_info.get.app_error", 404));
    await clock.advance(5_000);
    expect(answersTo(lost.id)).toEqual([
      expect.stringMatching(
        /begins[\s\S]*Not given to the session[\s\S]*the rest was[\s\S]*log\.txt/,
      ),
    ]);
  });

  test.each(["!projects", "!new", "!sessions all"])(
    "with %s is not dropped without a word",
    async (words) => {
      const { chat, clock, process, answersTo } = createStreet();
      const one = process("one");
      await one.up();
      await one.open();
      const post = await withFile(chat, words);
      await clock.advance(1_000);
      expect(answersTo(post.id)).toEqual([
        expect.stringMatching(/a command takes no files[\s\S]*`log\.txt`/),
      ]);
    },
  );

  test.each(["!stop", "!help", "!no, use this"])("nor with %s in a thread", async (words) => {
    const { clock, ask, sayWithFile, answersTo } = await createAskingThread();
    await ask("per_1", "ls");
    const post = await sayWithFile(words);
    await clock.advance(1_000);
    expect(answersTo(post).join("\n")).toMatch(/takes no files[\s\S]*`log\.txt`/);
  });
});
