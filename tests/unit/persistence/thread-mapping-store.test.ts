import { describe, expect, test } from "bun:test";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { asChannelId, asPostId, asSessionId } from "../../../src/models/ids.ts";
import { createThreadMappingStore } from "../../../src/persistence/thread-mapping-store.ts";
import { failingFs, type WritingStep } from "../../support/failing-fs.ts";
import { aMapping } from "../../support/mappings.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const a = asSessionId("a");

function setting(content?: string) {
  const folder = temporaryFolder();
  const path = join(folder.path, "mattermost-threads.json");
  if (content !== undefined) writeFileSync(path, content);
  const logger = createRecordingLogger();
  return {
    path,
    logger,
    said: () => logger.lines.map(({ message }) => message),
    store: createThreadMappingStore({ path, logger, now: () => NOW }),
    names: () =>
      readdirSync(folder.path)
        .filter((name) => !name.endsWith(".lock"))
        .sort(),
    text: (name = basename(path)) => readFileSync(join(folder.path, name), "utf8"),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const fileWith = (...threads: unknown[]): string => JSON.stringify({ version: 1, threads });

describe("the mappings file", () => {
  test("is for the user alone and ends like a text", async () => {
    using it = setting();
    await it.store.update(a, () => aMapping("a"));
    expect(statSync(it.path).mode & 0o777).toBe(0o600);
    expect(it.text()).toEndWith("}\n");
    expect(it.names()).toEqual(["mattermost-threads.json"]);
  });

  test("is not written where nothing changes", async () => {
    using it = setting();
    await it.store.update(a, () => aMapping("a"));
    await it.store.moveCursor(asChannelId("dm"), asPostId("post"));
    const before = statSync(it.path, { bigint: true });
    await it.store.update(a, (stored) => stored && { ...stored });
    await it.store.update(asSessionId("b"), () => undefined);
    await it.store.moveCursor(asChannelId("dm"), asPostId("post"));
    const after = statSync(it.path, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  test("is parsed again only when it is another one", async () => {
    using it = setting(fileWith(aMapping("a")));
    const first = await it.store.load();
    expect(await it.store.load()).toBe(first);
    writeFileSync(it.path, fileWith(aMapping("b")));
    expect(await it.store.load()).toEqual([aMapping("b")]);
  });

  test("keeps an entry that cannot be read, and says so once", async () => {
    const odd = { sessionId: "a", hello: ["world"] };
    using it = setting(fileWith(odd, aMapping("b")));
    expect(await it.store.load()).toEqual([aMapping("b")]);
    await it.store.update(a, () => aMapping("a"));
    expect(await it.store.load()).toEqual([aMapping("b"), aMapping("a")]);
    expect(JSON.parse(it.text()).threads).toEqual([odd, aMapping("b"), aMapping("a")]);
    expect(it.said()).toHaveLength(1);
    expect(it.said()[0]).toContain("threads[0]");
  });

  test("refuses a change that returns another session's entry", async () => {
    using it = setting(fileWith(aMapping("a")));
    const wrong = it.store.update(a, () => aMapping("b"));
    await expect(wrong).rejects.toThrow(TypeError);
    expect(it.text()).toBe(fileWith(aMapping("a")));
  });

  test("may be a link: what it leads to is replaced", async () => {
    using it = setting();
    using elsewhere = temporaryFolder();
    const target = join(elsewhere.path, "threads.json");
    writeFileSync(target, fileWith(aMapping("a")));
    symlinkSync(target, it.path);
    await it.store.update(asSessionId("b"), () => aMapping("b"));
    expect(lstatSync(it.path).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, "utf8")).threads).toHaveLength(2);
    expect(readdirSync(elsewhere.path)).toEqual(["threads.json"]);
  });
});

describe("a file that cannot be read", () => {
  for (const content of ["", "{ half", "[]", '{"version":1}']) {
    test(`is set aside and said once: ${JSON.stringify(content)}`, async () => {
      using it = setting(content);
      expect(await it.store.load()).toEqual([]);
      expect(await it.store.load()).toEqual([]);
      await it.store.update(a, () => aMapping("a"));
      const aside = "mattermost-threads.json.unreadable-2026-01-02T03-04-05";
      expect(it.names()).toEqual(["mattermost-threads.json", aside]);
      expect(it.text(aside)).toBe(content);
      expect(it.said()).toHaveLength(1);
      expect(it.said()[0]).toContain(aside);
    });
  }

  test("because somebody is in the middle of writing it is read when that is done", async () => {
    using it = setting('{"version":1,"thr');
    const whole = fileWith(aMapping("a"));
    const steps = [whole.slice(0, -5), whole];
    const store = createThreadMappingStore({
      path: it.path,
      logger: it.logger,
      now: () => NOW,
      pause: async () => writeFileSync(it.path, steps.shift() ?? whole),
    });
    expect((await store.load()).map(({ sessionId }) => sessionId)).toEqual([a]);
    expect(it.names()).toEqual(["mattermost-threads.json"]);
    expect(it.said()).toEqual([]);
  });

  test("never takes the place of one set aside before", async () => {
    using it = setting("one");
    await it.store.load();
    for (const content of ["two", "three"]) {
      writeFileSync(it.path, content);
      await it.store.update(a, () => aMapping("a"));
    }
    const aside = it.names().filter((name) => name.includes("unreadable"));
    expect(aside.map(it.text)).toEqual(["one", "two", "three"]);
  });

  test("is set aside once by many who see it", async () => {
    using it = setting("{ half");
    const stores = Array.from({ length: 4 }, () =>
      createThreadMappingStore({ path: it.path, logger: it.logger, now: () => NOW }),
    );
    await Promise.all(
      stores.map(async (store, at) => {
        await store.load();
        await store.update(asSessionId(`s${at}`), () => aMapping(`s${at}`));
      }),
    );
    expect(await it.store.load()).toHaveLength(4);
    expect(it.names()).toHaveLength(2);
    expect(it.said()).toHaveLength(1);
  });
});

describe("a file of a newer version", () => {
  test("is never touched: it reads as empty and takes no change", async () => {
    const content = '{"version":2,"threads":{"a":"?"},"cursors":{"dm":"post"}}';
    using it = setting(content);
    expect([await it.store.load(), await it.store.load()]).toEqual([[], []]);
    expect(await it.store.cursor(asChannelId("dm"))).toBeUndefined();
    const changes = [
      () => it.store.update(a, () => aMapping("a")),
      () => it.store.moveCursor(asChannelId("dm"), asPostId("p")),
    ];
    for (const change of changes) {
      await expect(change()).rejects.toThrow(/Update the plugin/);
      await expect(change()).rejects.toMatchObject({ kind: "newer-version" });
    }
    expect(it.text()).toBe(content);
    expect(it.names()).toEqual(["mattermost-threads.json"]);
    expect(it.said()).toHaveLength(1);
  });
});

describe("a disk that fails", () => {
  const failures: readonly [WritingStep, string][] = [
    ["write", "ENOSPC"],
    ["open", "EACCES"],
    ["rename", "EROFS"],
  ];
  for (const [step, code] of failures) {
    test(`costs the change, not the file: ${code}`, async () => {
      using it = setting(fileWith(aMapping("a")));
      const { path, logger } = it;
      const fs = failingFs(step, code);
      const store = createThreadMappingStore({ path, logger, now: () => NOW, fs });
      const failing = store.update(asSessionId("b"), () => aMapping("b"));
      await expect(failing).rejects.toMatchObject({ kind: "io", cause: { code } });
      expect(it.text()).toBe(fileWith(aMapping("a")));
      expect(await store.load()).toEqual([aMapping("a")]);
      expect(it.names()).toEqual(["mattermost-threads.json"]);
      await it.store.update(asSessionId("b"), () => aMapping("b"));
      expect(await store.load()).toHaveLength(2);
    });
  }

  test("is said where something else is in the place of the file", async () => {
    using it = setting();
    mkdirSync(it.path);
    for (const call of [it.store.load, () => it.store.update(a, () => aMapping("a"))]) {
      await expect(call()).rejects.toThrow(StoreError);
      await expect(call()).rejects.toThrow(/move that away/);
    }
  });
});
