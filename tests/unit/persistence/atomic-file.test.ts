import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { removeLeftovers, writeFileAtomically } from "../../../src/persistence/atomic-file.ts";
import { failingFs, type WritingStep } from "../../support/failing-fs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("an atomic write", () => {
  test("replaces the file, readable by the user alone, and leaves nothing else", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.json");
    writeFileSync(path, "old", { mode: 0o644 });
    await writeFileAtomically(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path)).toEqual(["a.json"]);
  });

  const failures: readonly [WritingStep, string, RegExp][] = [
    ["open", "EACCES", /belong to you/],
    ["open", "EROFS", /read-only/],
    ["open", "EMFILE", /restart OpenCode/],
    ["write", "ENOSPC", /disk is full/],
    ["write", "EDQUOT", /quota/],
    ["sync", "EIO", /Check the disk/],
    ["rename", "EPERM", /belong to you/],
  ];
  for (const [step, code, advice] of failures) {
    test(`keeps the old content whole where ${step} fails with ${code}`, async () => {
      using folder = temporaryFolder();
      const path = join(folder.path, "a.json");
      writeFileSync(path, "old");
      const writing = writeFileAtomically(path, "the new content", failingFs(step, code));
      await expect(writing).rejects.toThrow(StoreError);
      await expect(writing).rejects.toThrow(advice);
      await expect(writing).rejects.toMatchObject({ kind: "io", cause: { code } });
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(folder.path)).toEqual(["a.json"]);
    });
  }

  test("is content where folders cannot be synced, but not where syncing one fails", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.json");
    await writeFileAtomically(path, "one", failingFs("open folder", "EISDIR"));
    await writeFileAtomically(path, "two", failingFs("sync folder", "EINVAL"));
    const failing = writeFileAtomically(path, "three", failingFs("sync folder", "EIO"));
    await expect(failing).rejects.toMatchObject({ kind: "io" });
    expect(readFileSync(path, "utf8")).toBe("three");
  });

  test("that was never finished is cleaned up by age", async () => {
    using folder = temporaryFolder();
    const names = [".a.json.old.tmp", ".a.json.young.tmp", ".b.json.old.tmp", "a.json.tmp"];
    for (const name of names) {
      writeFileSync(join(folder.path, name), "half");
      const atS = name.includes("young") ? 2000 : 1000;
      utimesSync(join(folder.path, name), atS, atS);
    }
    await removeLeftovers(join(folder.path, "a.json"), 1_500_000);
    expect(readdirSync(folder.path).sort()).toEqual(names.slice(1).sort());
    await removeLeftovers(join(folder.path, "missing", "a.json"), 1_500_000);
  });
});
