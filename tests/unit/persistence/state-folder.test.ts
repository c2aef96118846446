// What somebody else may have had a hand in is not used.
import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { asFileId, asPostId, asUserId } from "../../../src/models/ids.ts";
import { createAttachments } from "../../../src/persistence/attachments.ts";
import { createFileLogger } from "../../../src/persistence/file-logger.ts";
import { createKillSwitch } from "../../../src/persistence/kill-switch.ts";
import { machineId } from "../../../src/persistence/machine.ts";
import { createPairingStore } from "../../../src/persistence/pairing-store.ts";
import { createProcessLock } from "../../../src/persistence/process-lock.ts";
import { readSmallFile, writeSmallFile } from "../../../src/persistence/small-file.ts";
import { openStateFolder } from "../../../src/persistence/state-folder.ts";
import { createThreadMappingStore } from "../../../src/persistence/thread-mapping-store.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const pipe = (path: string): void => void Bun.spawnSync(["mkfifo", path]);
const problemWith = (path: string, uid?: number): string => {
  try {
    openStateFolder(path, ...(uid === undefined ? [] : [uid]));
    return "";
  } catch (error) {
    return error instanceof StoreError ? error.message : `no StoreError: ${error}`;
  }
};

describe("the state folder", () => {
  test("is made for the user alone, with the folders above it, and is used again", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "state", "opencode-mattermost");
    for (let times = 0; times < 2; times++) expect(problemWith(path)).toBe("");
    expect(statSync(path).mode & 0o777).toBe(0o700);
    mkdirSync(join(path, "instances"), { mode: 0o700 });
    writeFileSync(join(path, "machine-id"), "");
    expect(problemWith(path)).toBe("");
  });

  test("is not used where it belongs to somebody else", () => {
    using folder = temporaryFolder();
    expect(problemWith(folder.path, 4_711)).toContain("belongs to another user");
  });

  test.each([0o755, 0o770, 0o701, 0o777])("is not used where it is open to others: %o", (mode) => {
    using folder = temporaryFolder();
    chmodSync(folder.path, mode);
    expect(problemWith(folder.path)).toContain(`chmod 700 ${folder.path}`);
    chmodSync(folder.path, 0o700);
    mkdirSync(join(folder.path, "instances"));
    chmodSync(join(folder.path, "instances"), mode);
    expect(problemWith(folder.path)).toContain(`chmod 700 ${folder.path}/instances`);
  });

  test.each(["a link", "a pipe", "a file"])("is not used where it is %s", (what) => {
    using folder = temporaryFolder();
    const path = join(folder.path, "state");
    mkdirSync(join(folder.path, "elsewhere"));
    if (what === "a link") symlinkSync(join(folder.path, "elsewhere"), path);
    else if (what === "a pipe") pipe(path);
    else writeFileSync(path, "");
    expect(problemWith(path)).toContain(path);
    expect(readdirSync(join(folder.path, "elsewhere"))).toEqual([]);
  });

  test.each(["a link", "a pipe"])("is not used where %s is in it", (what) => {
    using folder = temporaryFolder();
    const path = join(folder.path, "pairing-1.json");
    if (what === "a link") symlinkSync("/dev/null", path);
    else pipe(path);
    expect(problemWith(folder.path)).toContain(`${path} is not a regular file`);
  });
});

describe.each(["a link", "a pipe", "a folder"])("%s in the place of a file", (what) => {
  /** In a folder of its own; `target` is what the link leads to, and must stay as it is. */
  function plant(name: string) {
    const folder = temporaryFolder();
    const path = join(folder.path, name);
    const target = join(folder.path, "target");
    writeFileSync(target, "untouched");
    if (what === "a link") symlinkSync(target, path);
    else if (what === "a pipe") pipe(path);
    else mkdirSync(path);
    return {
      path,
      folder: folder.path,
      isUntouched: () => readFileSync(target, "utf8") === "untouched",
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  }

  test("is no lock: it is said, and nothing waits for it", () => {
    using it = plant("leader.lock");
    const lock = createProcessLock(it.path);
    expect(() => lock.tryAcquire()).toThrow("is not a regular file");
    expect(() => lock.isHeld()).toThrow("is not a regular file");
    expect(it.isUntouched()).toBe(true);
  });

  test("locks where it stands for the kill switch", () => {
    using it = plant("locked");
    const lock = createKillSwitch(it.path);
    expect(lock.isOn()).toBe(true);
    lock.set(false, 1_000);
    expect(lock.isOn()).toBe(false);
    expect(it.isUntouched()).toBe(true);
  });

  test("makes nobody the owner", () => {
    using it = plant("pairing.json");
    const pairing = createPairingStore(it.path);
    expect(pairing.owner()).toBeUndefined();
    if (what !== "a folder") pairing.setOwner(asUserId("alice"));
    expect(it.isUntouched()).toBe(true);
  });

  test("gives no machine id of its own", () => {
    using it = plant("machine-id");
    expect(machineId({ folder: it.folder, hostname: "a", home: "/b" })).toMatch(/^[0-9a-f]{32}$/);
  });

  test("is not read and not written through", () => {
    using it = plant("small");
    expect(() => readSmallFile(it.path)).toThrow(StoreError);
    if (what === "a folder") {
      expect(() => writeSmallFile(it.path, "new")).toThrow(StoreError);
    } else {
      writeSmallFile(it.path, "new");
      expect(readSmallFile(it.path)).toBe("new");
      expect(lstatSync(it.path).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(it.folder).sort()).toEqual(["small", "target"]);
    expect(it.isUntouched()).toBe(true);
  });

  test("takes no attachment and no log", async () => {
    using it = plant("log.txt");
    createFileLogger({ path: it.path, now: () => 0 }).info("a line");
    const files = createAttachments({ folder: it.folder, now: () => 0 });
    const { path } = await files.save(asPostId("p"), asFileId("f"), "log.txt", new Uint8Array(1));
    expect(lstatSync(path).isFile()).toBe(true);
    expect(it.isUntouched()).toBe(true);
  });

  if (what !== "a link") {
    test("holds no mappings: it is said, and nothing waits for it", async () => {
      using it = plant("threads.json");
      const logger = createRecordingLogger();
      const store = createThreadMappingStore({ path: it.path, logger, now: () => 0 });
      const failed = await store.load().catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(StoreError);
    });
  }
});

test("an attachment is not written through a link that stands in its place", async () => {
  using folder = temporaryFolder();
  const target = join(folder.path, "target");
  writeFileSync(target, "untouched");
  const files = createAttachments({ folder: join(folder.path, "files"), now: () => 0 });
  mkdirSync(join(folder.path, "files", "p-f"), { recursive: true });
  symlinkSync(target, join(folder.path, "files", "p-f", "a.txt"));
  const saved = await files.save(asPostId("p"), asFileId("f"), "a.txt", new Uint8Array([65]));
  expect(readFileSync(saved.path, "utf8")).toBe("A");
  expect(readFileSync(target, "utf8")).toBe("untouched");
});
