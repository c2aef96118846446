// A file that the agent sends is the one that it was when it was asked about.
import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type OpenedFile, openFile } from "../../../src/bridge/opened-file.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A project, something secret beside it, and a file in it. */
function createProject() {
  const folder = temporaryFolder();
  const project = join(folder.path, "project");
  const secret = join(folder.path, "secret.txt");
  mkdirSync(join(project, "out"), { recursive: true });
  writeFileSync(secret, "not for everybody");
  writeFileSync(join(project, "out", "a.txt"), "asked about");
  return {
    project,
    secret,
    path: join(project, "out", "a.txt"),
    async open(path = "out/a.txt"): Promise<OpenedFile> {
      const file = await openFile(path, project, [project]);
      if (typeof file === "string") throw new Error(file);
      return file;
    },
    refusal: async (path: string) => openFile(path, project, [project]),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

async function textOf(file: OpenedFile, maxBytes = 1_000): Promise<string | number> {
  const bytes = await file.read(maxBytes);
  await file.close();
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : bytes.sizeBytes;
}

test("it is read as it is, by its real path", async () => {
  using it = createProject();
  const file = await it.open();
  expect(file).toMatchObject({ path: it.path, sizeBytes: 11, inside: true });
  expect(await textOf(file)).toBe("asked about");
  symlinkSync(it.secret, join(it.project, "harmless.txt"));
  const led = await it.open("harmless.txt");
  expect(led).toMatchObject({ path: it.secret, inside: false });
  await led.close();
});

describe("what takes its place meanwhile is not read", () => {
  const ways: Readonly<Record<string, (it: ReturnType<typeof createProject>) => void>> = {
    "a link": ({ path, secret }) => {
      rmSync(path);
      symlinkSync(secret, path);
    },
    "another file": ({ path, secret }) => renameSync(secret, path),
    "a link to the folder that it is in": ({ project, secret }) => {
      renameSync(join(project, "out"), join(project, "old"));
      symlinkSync(join(secret, ".."), join(project, "out"));
    },
    nothing: ({ path }) => rmSync(path),
  };
  test.each(Object.keys(ways))("%s", async (way) => {
    using it = createProject();
    const file = await it.open();
    ways[way]?.(it);
    expect(await textOf(file)).toBe("asked about");
  });
});

test("no more is read than was allowed, however it has grown", async () => {
  using it = createProject();
  const file = await it.open();
  appendFileSync(it.path, "x".repeat(100));
  expect(await textOf(file, 50)).toBe(111);
});

test("what is no file, or not there, is said and not waited for", async () => {
  using it = createProject();
  Bun.spawnSync(["mkfifo", join(it.project, "pipe")]);
  for (const path of ["pipe", "out", "/dev/zero"]) {
    expect(await it.refusal(path)).toBe(`Not sent: ${path} is not a file.`);
  }
  expect(await it.refusal("none.txt")).toStartWith("Not sent: none.txt cannot be read");
});

test("two names of one file are the same file", async () => {
  using it = createProject();
  linkSync(it.path, join(it.project, "b.txt"));
  expect(await textOf(await it.open("b.txt"))).toBe("asked about");
});
