import { describe, expect, test } from "bun:test";
import { asPostId, type PostId } from "../../../src/models/ids.ts";
import { noAnswer, refused } from "../../support/fake-chat.ts";
import { createInboxWorld } from "../../support/inbox-world.ts";

describe("after an outage", () => {
  async function opened(options: Parameters<typeof createInboxWorld>[0] = {}) {
    const world = await createInboxWorld(options);
    const root = await world.bot("card");
    await world.clock.advance(1);
    return { ...world, root, ...world.thread(root.id) };
  }

  test("what the socket replays is not read again", async () => {
    const { socket, says, root, got, chat } = await opened();
    socket.drop();
    await says("missed", root.id);
    const before = chat.calls.length;
    socket.live(true);
    expect(got).toEqual(["missed"]);
    expect(chat.calls).toHaveLength(before);
  });

  test("what was missed comes in order, before what arrives meanwhile", async () => {
    const { socket, says, bot, clock, root, got, chat, elsewhere } = await opened();
    await says("before", root.id);
    socket.drop();
    await says("missed 1", root.id);
    await bot("of another life", root.id);
    await says("missed in main");
    await says("missed 2", root.id);
    const slow = chat.faults.hang("postsAfter", { after: true });
    socket.live();
    await slow.reached;
    await says("meanwhile", root.id);
    expect(got).toEqual(["before", "recheck"]);
    slow.release();
    await clock.advance(0);
    expect(got.slice(2)).toEqual(["missed 1", "own of another life", "missed 2", "meanwhile"]);
    expect(elsewhere).toEqual(["missed in main"]);
  });

  test("a second outage while the first gap is read loses nothing", async () => {
    const { socket, says, clock, root, got, chat } = await opened();
    socket.drop();
    await says("one", root.id);
    const slow = chat.faults.hang("postsAfter", { after: true });
    socket.live();
    await slow.reached;
    socket.drop();
    await says("two", root.id);
    socket.live();
    slow.release();
    await clock.advance(0);
    expect(got.filter((message) => message !== "recheck")).toEqual(["one", "two"]);
  });

  test("posts that cannot be read are read later, still in order", async () => {
    const { socket, says, clock, root, got, chat } = await opened();
    socket.drop();
    await says("missed", root.id);
    chat.faults.fail("postsAfter", noAnswer(), { times: 3 });
    socket.live();
    await clock.advance(600);
    await says("meanwhile", root.id);
    await clock.advance(60_000);
    expect(got.slice(1)).toEqual(["missed", "meanwhile"]);
  });

  test("without a clock they are read when the next post comes", async () => {
    const { socket, says, clock, root, got, chat } = await opened({ withClock: false });
    socket.drop();
    await says("missed", root.id);
    chat.faults.fail("postsAfter", noAnswer());
    socket.live();
    await clock.advance(60_000);
    expect(got).toEqual(["recheck"]);
    await says("meanwhile", root.id);
    expect(got).toEqual(["recheck", "missed", "meanwhile"]);
  });

  test("where the server refuses to list, what comes is still taken", async () => {
    const { socket, says, clock, root, got, chat } = await opened();
    socket.drop();
    chat.faults.fail("postsAfter", refused("api.context.permissions.app_error", 403));
    socket.live();
    await clock.advance(0);
    await says("now", root.id);
    expect(got).toEqual(["recheck", "now"]);
  });

  test("the newest post is one that the server no longer has", async () => {
    const { socket, says, clock, root, got, inbox } = await opened();
    const ghost = { ...(await says("seen", root.id)), id: asPostId("unknown-to-the-server") };
    socket.emit({ type: "posted", post: ghost, channelType: "D" });
    expect(inbox.newest()).toBe(ghost.id);
    socket.drop();
    await clock.advance(1);
    await says("missed 1", root.id);
    await says("missed 2", root.id);
    socket.live();
    await clock.advance(0);
    expect(got.slice(-3)).toEqual(["recheck", "missed 1", "missed 2"]);
  });

  test("more was missed than one page holds", async () => {
    const { socket, says, clock, root, got } = await opened();
    const ghost = { ...(await says("seen", root.id)), id: asPostId("unknown-to-the-server") };
    socket.emit({ type: "posted", post: ghost, channelType: "D" });
    socket.drop();
    const count = 450;
    for (let n = 0; n < count; n++) await says(`${n}`, root.id);
    socket.live();
    await clock.advance(0);
    expect(got.slice(-count)).toEqual(Array.from({ length: count }, (_, n) => `${n}`));
  });

  test("in a channel that was empty the first post is not lost", async () => {
    const { socket, says, clock, elsewhere } = await createInboxWorld({ empty: true });
    socket.drop();
    await says("!help");
    socket.live();
    await clock.advance(0);
    expect(elsewhere).toEqual(["!help"]);
  });

  test("at the start history is left alone", async () => {
    const { elsewhere, inbox, chat } = await createInboxWorld();
    expect(elsewhere).toEqual([]);
    expect(inbox.newest()).toBe(chat.posts().at(-1)?.id as PostId);
  });
});

test("stopped: nothing is asked any more", async () => {
  const { inbox, socket, chat, clock } = await createInboxWorld();
  socket.drop();
  chat.faults.fail("postsAfter", noAnswer(), { times: 99 });
  socket.live();
  await clock.advance(0);
  inbox.stop();
  const before = chat.calls.length;
  await clock.advance(600_000);
  expect(chat.calls).toHaveLength(before);
  expect(clock.timers()).toBe(0);
});
