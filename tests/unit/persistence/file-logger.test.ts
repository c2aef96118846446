import { expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFileLogger } from "../../../src/persistence/file-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const AT = Date.UTC(2026, 10, 21, 10, 14);

test("one line an entry, for the owner's eyes only", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "state", "log.txt");
  const logger = createFileLogger({ path, now: () => AT });
  logger.info("connected");
  logger.warn("two\nlines", { code: 7 });
  await until("both lines", () => existsSync(path) && readFileSync(path, "utf8").includes("two"));
  expect(readFileSync(path, "utf8")).toBe(
    '2026-11-21T10:14:00.000Z info connected\n2026-11-21T10:14:00.000Z warn two lines {"code":7}\n',
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a full file becomes the old one", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "log.txt");
  writeFileSync(path, "x".repeat(1024 * 1024 + 1));
  const logger = createFileLogger({ path, now: () => AT });
  logger.error("after");
  await until("a new file", () => existsSync(`${path}.old`) && existsSync(path));
  await until("the line", () => readFileSync(path, "utf8").includes("error after"));
  expect(statSync(path).size).toBeLessThan(100);
});

test("what cannot be written is dropped, and the next line is written where that works again", async () => {
  using folder = temporaryFolder();
  const blocked = join(folder.path, "state");
  const path = join(blocked, "log.txt");
  writeFileSync(blocked, "a file where the folder should be");
  const logger = createFileLogger({ path, now: () => AT });
  logger.info("lost");
  rmSync(blocked);
  await until("a line", () => {
    logger.info("written");
    return existsSync(path) && readFileSync(path, "utf8").includes("written");
  });
});
