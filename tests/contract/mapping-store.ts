import { describe, expect, test } from "bun:test";
import { asChannelId, asInstanceId, asPostId, asSessionId } from "../../src/models/ids.ts";
import type { MappingStore } from "../../src/ports.ts";
import { aMapping } from "../support/mappings.ts";

/** One storage, and stores on it: what one process writes, another one reads. */
export interface MappingStorage extends Disposable {
  open(): MappingStore;
}

/** What every `MappingStore` promises. */
export function mappingStoreContract(name: string, create: () => MappingStorage): void {
  describe(`${name} keeps mappings`, () => {
    test("and begins empty", async () => {
      using storage = create();
      const store = storage.open();
      expect(await store.load()).toEqual([]);
      expect(await store.cursor(asChannelId("dm"))).toBeUndefined();
    });

    test("that every other store then finds, in the order in which they came", async () => {
      using storage = create();
      const [one, other] = [storage.open(), storage.open()];
      const stored = aMapping("b", { rootPostId: asPostId("root"), owner: asInstanceId("me") });
      expect(await one.update(stored.sessionId, () => stored)).toEqual(stored);
      expect(await other.load()).toEqual([stored]);
      await other.update(asSessionId("a"), () => aMapping("a"));
      expect(await one.load()).toEqual([stored, aMapping("a")]);
    });

    test("and hands the stored one to the change", async () => {
      using storage = create();
      const [one, other] = [storage.open(), storage.open()];
      await one.update(asSessionId("a"), (stored) => {
        expect(stored).toBeUndefined();
        return aMapping("a");
      });
      await one.load();
      await other.update(asSessionId("a"), (stored) => stored && { ...stored, title: "Renamed" });
      const seen = await one.update(asSessionId("a"), (stored) => stored);
      expect(seen?.title).toBe("Renamed");
    });

    test("and leaves them where the change wants nothing", async () => {
      using storage = create();
      const store = storage.open();
      expect(await store.update(asSessionId("a"), () => undefined)).toBeUndefined();
      expect(await store.load()).toEqual([]);
      await store.update(asSessionId("a"), () => aMapping("a"));
      expect(await store.update(asSessionId("a"), () => undefined)).toEqual(aMapping("a"));
      expect(await store.update(asSessionId("a"), (stored) => stored)).toEqual(aMapping("a"));
      expect(await store.load()).toEqual([aMapping("a")]);
    });

    test("and forgets an optional member when told so", async () => {
      using storage = create();
      const store = storage.open();
      const id = asSessionId("a");
      await store.update(id, () => aMapping("a", { owner: asInstanceId("me") }));
      const changed = await store.update(id, (stored) => stored && { ...stored, owner: undefined });
      expect(changed).toBeDefined();
      expect(changed?.owner).toBeUndefined();
      await store.update(id, () => aMapping("a", { owner: asInstanceId("me") }));
      await store.update(id, () => aMapping("a"));
      expect(await store.load()).toEqual([aMapping("a")]);
    });

    test("with every one of many changes made at once", async () => {
      using storage = create();
      const stores = [storage.open(), storage.open(), storage.open()];
      const id = asSessionId("counted");
      await stores[0]?.update(id, () => aMapping("counted", { updatedAtMs: 0 }));
      const changes = stores.flatMap((store, at) =>
        Array.from({ length: 10 }, async (_, round) => {
          await store.update(
            id,
            (stored) => stored && { ...stored, updatedAtMs: stored.updatedAtMs + 1 },
          );
          await store.update(asSessionId(`${at}-${round}`), () => aMapping(`${at}-${round}`));
          await store.moveCursor(asChannelId(`${at}-${round}`), asPostId("post"));
        }),
      );
      await Promise.all(changes);
      const mappings = (await stores[1]?.load()) ?? [];
      expect(mappings).toHaveLength(31);
      expect(mappings[0]?.updatedAtMs).toBe(30);
      expect(await stores[2]?.cursor(asChannelId("0-9"))).toBe(asPostId("post"));
    });

    test("and passes on what a change throws, changing nothing", async () => {
      using storage = create();
      const store = storage.open();
      const failing = store.update(asSessionId("a"), () => {
        throw new RangeError("no");
      });
      await expect(failing).rejects.toThrow(RangeError);
      await store.update(asSessionId("b"), () => aMapping("b"));
      expect(await store.load()).toEqual([aMapping("b")]);
    });

    test("and cursors, one for each channel", async () => {
      using storage = create();
      const [one, other] = [storage.open(), storage.open()];
      await one.moveCursor(asChannelId("dm"), asPostId("first"));
      await one.moveCursor(asChannelId("constructor"), asPostId("odd"));
      await other.moveCursor(asChannelId("dm"), asPostId("second"));
      expect(await one.cursor(asChannelId("dm"))).toBe(asPostId("second"));
      expect(await one.cursor(asChannelId("constructor"))).toBe(asPostId("odd"));
      expect(await one.cursor(asChannelId("toString"))).toBeUndefined();
    });
  });
}
