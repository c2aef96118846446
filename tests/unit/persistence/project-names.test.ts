import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGit } from "../../../src/persistence/git.ts";
import { projectNames } from "../../../src/persistence/project-names.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const git = createGit(process.env);

test("the names of a project are its tracked files and what they export, at most 200", async () => {
  using folder = temporaryFolder();
  const project = join(folder.path, "api");
  mkdirSync(join(project, "src"), { recursive: true });
  writeFileSync(join(project, "src", "retry.ts"), "export async function untilDone() {}\n");
  writeFileSync(join(project, "tool.py"), "def parse_frame():\n    pass\n");
  writeFileSync(join(project, "été.md"), "x");
  await git(project, "init", "--quiet", "--initial-branch=main");
  await git(project, "add", ".");
  writeFileSync(join(project, "untracked.ts"), "export const secret = 1;\n");
  const names = await projectNames(git, project);
  expect([...names].sort()).toEqual(["parse_frame", "retry.ts", "tool.py", "untilDone", "été.md"]);
  expect(await projectNames(git, folder.path)).toEqual([]);
  for (let at = 0; at < 300; at++) writeFileSync(join(project, `file-${at}.md`), "");
  await git(project, "add", ".");
  expect(await projectNames(git, project)).toHaveLength(200);
});
