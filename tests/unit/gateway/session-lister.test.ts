// The list of sessions: those of this process, and those of others as their cards say.
import { expect, test } from "bun:test";
import { createSessionLister } from "../../../src/gateway/session-lister.ts";
import { asSessionId, type PostId } from "../../../src/models/ids.ts";
import type { ThreadMapping } from "../../../src/models/thread-mapping.ts";
import { createFakeChat } from "../../support/fake-chat.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aMapping } from "../../support/mappings.ts";
import { createMemoryMappingStore } from "../../support/memory-mapping-store.ts";

/** Sessions of another process, each with its card. */
async function createList() {
  const clock = createManualClock();
  const chat = createFakeChat({ clock });
  const store = createMemoryMappingStore();
  const list = createSessionLister({
    chat,
    store,
    clock,
    siteUrl: "http://chat.test",
    views: () => [],
  });
  async function add(name: string, card: string, about: Partial<ThreadMapping> = {}) {
    const root = { channelId: chat.dm, message: card, props: {}, pendingPostId: name };
    const { id } = await chat.createPost(root, "normal");
    await store.update(asSessionId(name), () => aMapping(name, { rootPostId: id, ...about }));
    return id;
  }
  return { clock, chat, list, add };
}

test.each([
  ["🟢", false],
  ["⏳", false],
  ["✋", true],
])("what another process works on is shown as its card does: %s", async (mark, needsUser) => {
  const { list, add } = await createList();
  await add("ses_1", `${mark} **project** · Session ses_1\n\`~/project\``);
  expect(await list()).toEqual([expect.objectContaining({ mark, needsUser, ended: false })]);
});

test.each([
  ["ended", "⚫"],
  ["orphaned", "⚫"],
  ["disconnected", "🔌"],
] as const)("one that is %s is shown so, whatever its card still says", async (status, mark) => {
  const { list, add } = await createList();
  await add("ses_1", "✋ **project** · Session ses_1", { status });
  expect(await list()).toEqual([expect.objectContaining({ mark, needsUser: false, ended: true })]);
});

test("since when it is so is known from the last change of its card", async () => {
  const { clock, chat, list, add } = await createList();
  const id: PostId = await add("ses_1", "⏳ **project** · Session ses_1", {
    updatedAtMs: clock.now(),
  });
  await clock.advance(5_000);
  await chat.editPost(id, "🟢 **project** · Session ses_1", "normal");
  await clock.advance(2_000);
  expect(await list()).toEqual([expect.objectContaining({ mark: "🟢", forMs: 2_000 })]);
});

test("a session without a thread is not listed, the newest are first", async () => {
  const { list, add } = await createList();
  await add("ses_1", "🟢 **project** · one", { updatedAtMs: 1 });
  await add("ses_2", "🟢 **project** · two", { updatedAtMs: 2 });
  await add("ses_3", "🟢 **project** · three", { rootPostId: undefined });
  expect((await list()).map(({ id }) => String(id))).toEqual(["ses_2", "ses_1"]);
});
