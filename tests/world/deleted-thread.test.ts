// "Somebody cleaned up the channel and deleted the thread. The session went on, and I never saw it again."
import { expect, test } from "bun:test";
import type { Post } from "../../src/models/chat.ts";
import { asRequestId, asSessionId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { aPermission } from "../support/events.ts";
import { createFakeHost } from "../support/fake-host.ts";
import { createStreet } from "../support/several-gateways.ts";

async function createThread() {
  const street = createStreet();
  const { chat, clock, process } = street;
  const here = process("here");
  await here.up();
  const { session, rootId } = await here.open();
  const roots = () =>
    chat.posts().filter(({ props }) => readPostMark(props)?.key === "root" && props);
  const asked = async (text: string, root: Post["id"]) => {
    const post = await chat.say(text, root);
    await clock.advance(5_000);
    return post;
  };
  return {
    ...street,
    here,
    session,
    rootId,
    asked,
    roots,
    newest: () => roots().findLast(({ deleted }) => !deleted),
    /** By an administrator. */
    async deleted(root: Post["id"]) {
      await chat.as("opencode").deletePost(root);
      await clock.advance(60_000);
    },
  };
}

test("the session gets a new thread, which says so, with the last turn, and takes prompts", async () => {
  const { rootId, asked, deleted, newest, saidIn, here, roots } = await createThread();
  await asked("first", rootId);
  await asked("second", rootId);
  await deleted(rootId);
  const anew = newest();
  if (!anew) throw new Error("There is no new thread.");
  expect(saidIn(anew.id)).toContain("was deleted in Mattermost");
  expect(saidIn(anew.id)).toContain("Answer to second");
  expect(saidIn(anew.id)).not.toContain("Answer to first");
  const third = await asked("third", anew.id);
  expect(saidIn(anew.id)).toContain("Answer to third");
  expect([...here.host.prompted.values()]).toEqual([1, 1, 1]);
  expect(here.host.prompted.get(third.id)).toBe(1);
  expect(roots()).toHaveLength(2);
});

test("nobody heard of it: the next thing that is to be shown finds out", async () => {
  const { rootId, deleted, newest, saidIn, here, session, clock } = await createThread();
  here.socket.drop();
  await deleted(rootId);
  expect(newest()).toBeUndefined();
  here.socket.live();
  void here.host.turn(session.id, { text: "typed in the terminal" });
  await clock.advance(60_000);
  const anew = newest();
  if (!anew) throw new Error("There is no new thread.");
  expect(saidIn(anew.id)).toContain("Answer to typed in the terminal");
});

test("what waits for an answer is asked there", async () => {
  const { chat, clock, process, rootOf } = createStreet();
  const host = createFakeHost(clock.now);
  const here = process("here", { host });
  await here.up();
  const id = asSessionId("ses_1");
  host.add({ id, createdMs: clock.now(), updatedMs: clock.now() });
  host.statuses.set(id, { kind: "busy" });
  here.bridge.event({ type: "status", sessionId: id, status: { kind: "busy" } });
  const request = aPermission("per_1", { sessionId: id, command: "make" });
  host.pendingPermissions.set(asRequestId("per_1"), request);
  here.bridge.event({ type: "permission-asked", request });
  await clock.advance(5_000);
  await chat.as("opencode").deletePost(rootOf(id).id);
  await clock.advance(60_000);
  const asking = chat
    .posts()
    .findLast(({ props }) => readPostMark(props)?.key === "permission/per_1");
  expect(asking?.deleted).toBe(false);
  const alice = chat.people["alice"]?.id;
  if (!asking || !alice) throw new Error("Nothing is asked.");
  await chat.as("alice").react(alice, asking.id, "white_check_mark");
  await clock.advance(5_000);
  expect(host.answers).toEqual([{ id: asRequestId("per_1"), answer: "once" }]);
});

test("what deletes every thread at once makes no hundred of them", async () => {
  const { rootId, deleted, newest, roots } = await createThread();
  await deleted(rootId);
  for (let times = 0; times < 20; times++) {
    const anew = newest();
    if (anew) await deleted(anew.id);
  }
  expect(roots().length).toBeLessThan(4);
});

test("a thread whose session is over stays deleted", async () => {
  const { rootId, deleted, roots, here } = await createThread();
  await here.bridge.dispose();
  await deleted(rootId);
  expect(roots()).toHaveLength(1);
});
