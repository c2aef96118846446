// The mark under what I wrote always comes to an end: 📥 becomes 👀.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";
import { failed, ROOT, reply, status } from "../support/events.ts";
import { createHouse } from "../support/two-processes.ts";

/** A thread whose session works while two prompts wait. */
async function createWaiting() {
  const thread = await createAskingThread();
  const { clock, host, entry, works, say, marks } = thread;
  works();
  const posts = [await say("and this"), await say("and that")];
  await clock.advance(1_000);
  for (const stored of host.stored.get(ROOT) ?? []) {
    if (stored.role !== "user") continue;
    entry.runtime.apply({ type: "user-message", sessionId: ROOT, message: stored.message });
    for (const part of stored.parts) entry.runtime.apply({ type: "part", sessionId: ROOT, part });
  }
  await clock.advance(1_000);
  return {
    ...thread,
    ids: host.stored.get(ROOT)?.map(({ message }) => message.id) ?? [],
    shown: () => posts.map(({ id }) => marks(id)),
  };
}

describe("two prompts that wait", () => {
  test("both are marked 📥, and 👀 when one message answers both", async () => {
    const { clock, entry, ids, shown } = await createWaiting();
    expect(shown()).toEqual([["inbox_tray"], ["inbox_tray"]]);
    entry.runtime.apply(reply("msg_a", ids[1] ?? "", { finished: true }));
    entry.runtime.apply(status("idle"));
    await clock.advance(5_000);
    expect(shown()).toEqual([["eyes"], ["eyes"]]);
  });

  test("both come to an end when the run is stopped before them", async () => {
    const { clock, entry, shown } = await createWaiting();
    entry.runtime.apply(failed("aborted"));
    entry.runtime.apply(status("idle"));
    await clock.advance(10_000);
    expect(shown()).toEqual([["eyes"], ["eyes"]]);
  });

  test("and when their process dies over them: the next one ends the marks", async () => {
    const { clock, host, die, process, shown } = await createWaiting();
    die();
    host.statuses.set(ROOT, { kind: "idle" });
    await clock.advance(60_000);
    await process("b");
    await clock.advance(60_000);
    expect(shown()).toEqual([["eyes"], ["eyes"]]);
  });
});

test("a prompt that is read before OpenCode says that it has it is not marked as waiting", async () => {
  const { clock, host, works, say, runsNewest, marks } = await createAskingThread();
  works();
  const slow = host.hang("hasMessage");
  const post = await say("and this");
  await clock.advance(1_000);
  runsNewest();
  slow.release();
  await clock.advance(5_000);
  expect(marks(post.id)).toEqual(["eyes"]);
});

test("many that end at once all have their mark", async () => {
  const { clock, host, process, say, marks } = await createHouse();
  const { entry } = await process("a");
  host.statuses.set(ROOT, { kind: "busy" });
  entry.runtime.apply(status("busy"));
  const posts = [];
  for (let count = 0; count < 12; count++) posts.push(await say(`prompt ${count}`));
  await clock.advance(5_000);
  for (const stored of host.stored.get(ROOT) ?? []) {
    if (stored.role !== "user") continue;
    entry.runtime.apply({ type: "user-message", sessionId: ROOT, message: stored.message });
    for (const part of stored.parts) entry.runtime.apply({ type: "part", sessionId: ROOT, part });
  }
  const last = host.stored.get(ROOT)?.at(-1)?.message.id ?? "";
  entry.runtime.apply(reply("msg_a", last, { finished: true }));
  entry.runtime.apply(status("idle"));
  await clock.advance(60_000);
  expect(posts.map(({ id }) => marks(id))).toEqual(posts.map(() => ["eyes"]));
});
