import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolders } from "../../../src/persistence/project-folders.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("every visible folder in one of the roots is a project, and nothing else", async () => {
  using folder = temporaryFolder();
  const { path } = folder;
  for (const name of ["code/web", "code/api/src", "code/.cache", "srv/docs"]) {
    mkdirSync(join(path, name), { recursive: true });
  }
  writeFileSync(join(path, "code", "notes.md"), "");
  const roots = [
    "~/code",
    join(path, "srv"),
    join(path, "not there"),
    join(path, "code", "notes.md"),
  ];
  expect(await projectFolders(roots, path)).toEqual(
    ["code/api", "code/web", "srv/docs"].map((name) => join(path, name)),
  );
});

test("the list has a bound", async () => {
  using folder = temporaryFolder();
  for (let at = 0; at < 520; at++) mkdirSync(join(folder.path, `project-${at}`));
  expect(await projectFolders(["~"], folder.path)).toHaveLength(500);
});
