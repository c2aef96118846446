import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runCrowd } from "../support/crowd-of-writers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("ten processes, killed at any moment, lose no acknowledged change and tear no file", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "mattermost-threads.json");
  const report = await runCrowd({ path, writers: 10, changesEach: 30, killEvery: 25 });
  expect(report.complaints).toBe("");
  expect(report.torn).toEqual([]);
  expect(report.lost).toEqual([]);
  expect(report.acknowledged).toBe(300);
  expect(report.kills).toBeGreaterThan(5);
  expect(report.reads).toBeGreaterThan(50);
  // What a killed writer may leave behind is its temporary file, nothing else.
  const names = readdirSync(folder.path).filter((name) => !name.endsWith(".tmp"));
  expect(names.sort()).toEqual(["mattermost-threads.json", "mattermost-threads.json.lock"]);
}, 60_000);
