// Answers that are longer than a post may be.
import { describe, expect, test } from "bun:test";
import { asPostId, asSessionId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { noAnswer, refused } from "../support/fake-chat.ts";
import { createStreet } from "../support/several-gateways.ts";

const SMALL = 4_000;
const HOW_MANY = 50;

/** A process with so many sessions of another one that is gone. */
async function createCrowd() {
  const street = createStreet({ limits: { maxPostChars: SMALL } });
  const { chat, store, clock } = street;
  for (let at = 0; at < HOW_MANY; at++) {
    const session = aSession(street, at);
    await store.update(session.sessionId, () => session);
  }
  const process = street.process("one");
  await process.up();
  return {
    ...street,
    one: process,
    /** Resolves with the posts that answer, in the order in which they are read. */
    async says(text: string, waitMs = 1_000) {
      const post = await chat.say(text);
      await clock.advance(waitMs);
      return partsOf(street, post.id);
    },
  };
}

type Street = ReturnType<typeof createStreet>;

const partsOf = ({ chat }: Street, postId: string) =>
  chat
    .posts()
    .filter(({ deleted, props }) => !deleted && readPostMark(props)?.key.includes(`/${postId}`))
    .map(({ message }) => message);

function aSession({ chat, clock }: Street, at: number) {
  const name = `session-${String(at).padStart(3, "0")}`;
  return {
    sessionId: asSessionId(`ses_${name}`),
    channelId: chat.dm,
    rootPostId: asPostId(`root${at}`),
    directory: `/srv/${name}`,
    project: `a project with a long name of its own ${at}`,
    title: `${name} ${"and what it is about ".repeat(4)}`,
    machineId: "machine",
    status: "ended" as const,
    createdAtMs: clock.now(),
    updatedAtMs: clock.now(),
  };
}

/** Every post of an answer but its first. */
const isGoingOn = (wanted: unknown): boolean => {
  const { props } = wanted as { readonly props: Readonly<Record<string, unknown>> };
  return !/\/0$/.test(readPostMark(props)?.key ?? "/0");
};

const named = (text: string): readonly string[] => text.match(/session-\d+/g) ?? [];

describe("fifty sessions where a post holds 4,000 characters", () => {
  test.each(["!sessions all", "!resume"])("%s is answered", async (words) => {
    const { says } = await createCrowd();
    const parts = await says(words);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect([...part].length).toBeLessThanOrEqual(SMALL);
    expect(named(parts.join("\n"))).toHaveLength(HOW_MANY);
  });

  test.each(["!projects", "!new", "!new nowhere fix it"])("%s is answered", async (words) => {
    const { says } = await createCrowd();
    const parts = await says(words);
    for (const part of parts) expect([...part].length).toBeLessThanOrEqual(SMALL);
    expect(parts.join("\n")).toContain("and 1 more");
  });

  test.each(["!new", "!resume", "!lokc", "!deploy"])("%s and a very long word", async (command) => {
    const { says } = await createCrowd();
    const parts = await says(`${command} ${"*".repeat(SMALL - 100)}`);
    const [first = ""] = parts;
    expect(first).not.toBe("");
    expect([...(first.split("\n")[0] ?? "")].length).toBeLessThan(1_000);
  });

  test("where Mattermost does not say whether it took them, none is there twice", async () => {
    const { chat, says } = await createCrowd();
    chat.faults.fail("createPost", noAnswer(), { times: 3, after: true });
    const parts = await says("!sessions all", 60_000);
    const all = named(parts.join("\n"));
    expect(all).toHaveLength(HOW_MANY);
    expect(all).toEqual([...new Set(all)]);
  });

  test("where the process dies between two posts, the next gives the whole answer", async () => {
    const crowd = await createCrowd();
    const { chat, clock, one, process, store } = crowd;
    chat.faults.hang("createPost", { where: isGoingOn });
    const post = await chat.say("!sessions all");
    await clock.advance(1_000);
    expect(partsOf(crowd, post.id)).toHaveLength(1);
    one.kill();
    chat.faults.clear();
    const late = aSession(crowd, HOW_MANY);
    await store.update(late.sessionId, () => late);
    await process("two").up();
    await clock.advance(5_000);
    const all = named(partsOf(crowd, post.id).join("\n"));
    expect(all).toEqual([...new Set(all)]);
    expect(all).toHaveLength(HOW_MANY);
  });

  test("what was begun and may not be edited holds nothing up", async () => {
    const crowd = await createCrowd();
    const { chat, clock, one, process, store } = crowd;
    chat.faults.hang("createPost", { where: isGoingOn });
    const post = await chat.say("!sessions all");
    await clock.advance(1_000);
    one.kill();
    chat.faults.clear();
    const late = aSession(crowd, HOW_MANY);
    await store.update(late.sessionId, () => late);
    const code = "api.post.update_post.permissions_denied.app_error";
    chat.faults.fail("editPost", refused(code), { times: 100 });
    await process("two").up();
    await clock.advance(5_000);
    expect(partsOf(crowd, post.id).length).toBeGreaterThan(1);
  });
});

test("a long answer in a thread is there too", async () => {
  const { entry, chat, clock, mapping } = await createAskingThread();
  const lines = Array.from({ length: 4_000 }, (_, at) => `- line ${at}`);
  entry.runtime.say("reply/post", lines.join("\n"), ["eyes"]);
  await clock.advance(30_000);
  const parts = (await chat.thread(mapping().rootPostId ?? asPostId(""))).filter(({ message }) =>
    message.includes("- line"),
  );
  expect(parts.length).toBeGreaterThan(1);
  const text = parts.map(({ message }) => message).join("");
  expect([...text.matchAll(/- line \d+/g)].map(([line]) => line)).toEqual(lines);
  expect(parts.map(({ reactions }) => reactions.length)).toEqual(
    parts.map((_, at) => (at === 0 ? 1 : 0)),
  );
});
