// Which of several processes acts on a reply, and which one writes a thread.
import { describe, expect, test } from "bun:test";
import { StoreError } from "../../../src/errors.ts";
import { asInstanceId, asPostId, asSessionId, type InstanceId } from "../../../src/models/ids.ts";
import type { ThreadMapping } from "../../../src/models/thread-mapping.ts";
import { createThreadOwnership } from "../../../src/thread/ownership.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aMapping } from "../../support/mappings.ts";
import { createMemoryMappingStore } from "../../support/memory-mapping-store.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

const SESSION = asSessionId("ses_1");
const POST = asPostId("post1");
const [A, B] = ["a", "b"].map(asInstanceId) as [InstanceId, InstanceId];
const MAPPING = aMapping("ses_1", { rootPostId: asPostId("root"), title: "A session" });

function createHouse() {
  const store = createMemoryMappingStore();
  const dead = new Set<InstanceId>();
  const lost: InstanceId[] = [];
  const change = (about: Partial<ThreadMapping>) =>
    store.update(SESSION, (stored) => ({ ...MAPPING, ...stored, ...about }));
  const process = (instanceId: InstanceId) => {
    const ownership = createThreadOwnership({
      gateway: { store, instanceId, isAlive: (instance) => !dead.has(instance) },
      clock: createManualClock(),
      logger: createRecordingLogger(),
      sessionId: SESSION,
      onLost: () => lost.push(instanceId),
    });
    ownership.opened(MAPPING);
    return ownership;
  };
  return { store, dead, lost, change, process };
}

describe("a reply", () => {
  test("is taken by the owner of the thread, and by nobody else while that one lives", async () => {
    const { change, process, lost } = createHouse();
    await change({ owner: A });
    expect(await process(B).take(POST)).toBe("not-mine");
    expect(await process(A).take(POST)).toBe("first");
    await change({ owner: B });
    expect(await process(B).take(POST)).toBe("held");
    expect(lost).toEqual([B]);
  });

  test("of two that both think the thread theirs one takes it", async () => {
    const { process, change } = createHouse();
    await change({ owner: undefined });
    const results = await Promise.all([process(A).take(POST), process(B).take(POST)]);
    expect(results).toEqual(["first", "held"]);
  });

  test("goes to the next owner where its taker died, who is told to look whether it ran", async () => {
    const { change, process, dead } = createHouse();
    await change({ owner: A });
    await process(A).take(POST);
    dead.add(A);
    await change({ owner: B });
    expect(await process(B).take(POST)).toBe("again");
  });

  test("that the leader refuses is left to it, and to the next leader", async () => {
    const { change, process, dead } = createHouse();
    await change({ owner: B, claims: [{ post: POST, by: A, to: "refuse" }] });
    expect(await process(B).take(POST)).toBe("not-mine");
    dead.add(A);
    expect(await process(B).take(POST)).toBe("not-mine");
  });

  test("is not lost where the claim cannot be written", async () => {
    const { change, process, store } = createHouse();
    await change({ owner: A });
    store.failure = new StoreError("the disk is full", { kind: "io" });
    expect(await process(A).take(POST)).toBe("again");
    expect(await process(B).take(POST)).toBe("not-mine");
  });

  test("is remembered among the latest, without end there are none", async () => {
    const { change, process, store } = createHouse();
    await change({ owner: A });
    const own = process(A);
    for (let at = 0; at < 200; at++) await own.take(asPostId(`post${at}`));
    expect(store.threads.get(SESSION)?.claims).toHaveLength(20);
    expect(await own.take(asPostId("post199"))).toBe("again");
  });
});

describe("a reply that has been acted on", () => {
  test("is nobody's any more, however many come after it", async () => {
    const { change, process, store, dead } = createHouse();
    await change({ owner: A });
    const own = process(A);
    await own.take(POST);
    await own.done(POST);
    for (let at = 0; at < 30; at++) await own.take(asPostId(`post${at}`));
    dead.add(A);
    await change({ owner: B });
    expect(await process(B).take(POST)).toBe("not-mine");
    store.failure = new StoreError("the disk is full", { kind: "io" });
    await own.done(asPostId("post1"));
  });

  test("by another process is not said to be done by this one", async () => {
    const { change, process, store } = createHouse();
    await change({ owner: A });
    await process(A).take(POST);
    await process(B).done(POST);
    expect(store.threads.get(SESSION)?.claims).toEqual([{ post: POST, by: A, to: "run" }]);
  });
});

describe("the thread", () => {
  test("that another process took is given up, and taken back when the session works here again", async () => {
    const { change, process, lost, store } = createHouse();
    await change({ owner: B });
    const own = process(A);
    expect(await own.isMine()).toBe(false);
    expect(lost).toEqual([A]);
    await own.note((stored) => ({ ...stored, title: "not mine to change" }));
    expect(store.threads.get(SESSION)?.title).toBe("A session");
    expect(await own.reclaim()).toBe(B);
    expect(await own.isMine()).toBe(true);
    expect(await own.reclaim()).toBeUndefined();
    await own.note((stored) => ({ ...stored, title: "mine again" }));
    expect(own.mapping()?.title).toBe("mine again");
  });
  test("is taken back from nobody, and not where somebody has it", async () => {
    const { change, process } = createHouse();
    await change({ owner: undefined, status: "disconnected" });
    expect(await process(A).takeBack()).toBe(true);
    expect(await process(A).isMine()).toBe(true);
    expect(await process(B).takeBack()).toBe(false);
    expect(await process(B).isMine()).toBe(false);
    await change({ owner: undefined, status: "ended" });
    expect(await process(A).takeBack()).toBe(false);
  });

  test("what was read before it was taken back does not count: it is not given up after that", async () => {
    const { change, process, lost, store } = createHouse();
    await change({ owner: B });
    const own = process(A);
    const results = [own.isMine(), own.take(POST), own.reclaim(), own.isMine()];
    expect(await Promise.all(results)).toEqual([true, "first", B, true]);
    expect(lost).toEqual([]);
    expect(store.threads.get(SESSION)?.owner).toBe(A);
  });
});
