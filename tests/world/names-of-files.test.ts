// Names of files as people give them.
import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { asFileId, asPostId } from "../../src/models/ids.ts";
import { createAttachments } from "../../src/persistence/attachments.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test.each([
  `${"写".repeat(100)}.md`,
  `${"😀".repeat(100)}.md`,
  `${"ж".repeat(255)}`,
  `${"e\u0301".repeat(200)}.txt`,
  `report.${"长".repeat(100)}`,
  `${"a".repeat(300)}.tar.gz`,
  `${"\u0301".repeat(300)}.txt`,
])("%s can be kept", async (name) => {
  using folder = temporaryFolder();
  const files = createAttachments({ folder: folder.path, now: Date.now });
  const bytes = new TextEncoder().encode("text");
  const { path, url } = await files.save(asPostId("post"), asFileId("file"), name, bytes);
  expect(await readFile(new URL(url), "utf8")).toBe("text");
  expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255);
});

test.each([
  ["हिन्दी नोट.md", "हिन्दी नोट.md"],
  ["re\u0301sume\u0301.pdf", "re\u0301sume\u0301.pdf"],
  ["ภาษาไทย.txt", "ภาษาไทย.txt"],
  ["отчёт й.txt", "отчёт й.txt"],
  ["a/b\\c.txt", "c.txt"],
  ["IMG 0001 (2).HEIC", "IMG 0001 _2_.HEIC"],
])("%s stays readable", async (name, kept) => {
  using folder = temporaryFolder();
  const files = createAttachments({ folder: folder.path, now: Date.now });
  const bytes = new TextEncoder().encode("text");
  const { path } = await files.save(asPostId("post"), asFileId("file"), name, bytes);
  expect(basename(path)).toBe(kept);
});
