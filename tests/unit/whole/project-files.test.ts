// `!file`: what a session's folder holds, and nothing else.
import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProjectFiles } from "../../../src/bridge/project-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function createProject() {
  const temporary = temporaryFolder();
  const parent = temporary.path;
  const folder = join(parent, "project");
  mkdirSync(join(folder, "src"), { recursive: true });
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, "src", "a.ts"), "a\u0000b");
  for (const name of [".env", ".env.local", ".env.example", "server.key", ".git/config"]) {
    writeFileSync(join(folder, name), "secret");
  }
  writeFileSync(join(parent, "outside.txt"), "outside");
  symlinkSync(join(parent, "outside.txt"), join(folder, "link.txt"));
  symlinkSync(join(folder, ".env"), join(folder, "harmless.txt"));
  const look = createProjectFiles(folder, () => 100);
  return { folder, look, [Symbol.dispose]: () => temporary[Symbol.dispose]() };
}

test("a file comes byte for byte, a folder as what it holds, folders first", async () => {
  using project = createProject();
  const { look, folder } = project;
  const file = await look("src/a.ts");
  expect(file).toEqual({
    kind: "file",
    path: "src/a.ts",
    bytes: new TextEncoder().encode("a\u0000b"),
  });
  expect(await look(join(folder, "src", "a.ts"))).toEqual(file);
  const list = await look(".");
  expect(list).toMatchObject({ kind: "folder", path: "" });
  if (list.kind === "folder") {
    expect(list.entries.slice(0, 2)).toEqual([
      { name: ".git", isFolder: true },
      { name: "src", isFolder: true },
    ]);
  }
});

test.each(["../outside.txt", "link.txt", "..", "/etc/hostname", "src/../../outside.txt"])(
  "%s lies outside",
  async (path) => {
    using project = createProject();
    expect(await project.look(path)).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/outside/),
    });
  },
);

test.each([
  ".env",
  ".env.local",
  "server.key",
  ".git/config",
  ".git",
  "harmless.txt",
  "src/../.env",
])("%s may hold secrets", async (path) => {
  using project = createProject();
  expect(await project.look(path)).toMatchObject({
    kind: "refused",
    why: expect.stringMatching(/secrets/),
  });
});

test("an example of secrets is none; what is not there or too large says what to do", async () => {
  using project = createProject();
  const { look, folder } = project;
  expect(await look(".env.example")).toMatchObject({ kind: "file" });
  expect(await look("nothing.txt")).toMatchObject({
    why: expect.stringMatching(/is not there. `!file .`/),
  });
  expect(await look("src/a.ts/b")).toMatchObject({ why: expect.stringMatching(/is not there/) });
  writeFileSync(join(folder, "big.bin"), "x".repeat(101));
  expect(await look("big.bin")).toMatchObject({
    why: expect.stringMatching(/101 bytes, at most 100/),
  });
});
