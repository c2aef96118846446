// The package as a user has it: packed, installed without the network, named in a clean configuration.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import packageJson from "../../package.json" with { type: "json" };
import { type InstalledPackage, installPackage, run } from "../support/installed-package.ts";
import { newSession, startWorld } from "../support/world.ts";

const MAX_BYTES = 1_000_000;
const CHECKOUT = new URL("../..", import.meta.url).pathname;

const place = mkdtempSync(join(tmpdir(), "package-test-"));
let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage(place);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

test("the tarball is under a megabyte and holds nothing but what is for users", async () => {
  expect(Bun.file(installed.tarball).size).toBeLessThan(MAX_BYTES);
  const files = [...new Glob("**").scanSync(installed.folder)].sort();
  const others = files.filter((file) => !file.startsWith("dist/playground/"));
  expect(others).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist/THIRD-PARTY-LICENSES.txt",
    "dist/cli.js",
    "dist/index.d.ts",
    "dist/plugin.js",
    "package.json",
    "server.js",
  ]);
});

const BUILT_IN = new Set([...builtinModules, "bun", "bun:sqlite", "bun:ffi"]);
const isBuiltIn = (path: string): boolean => BUILT_IN.has(path) || path.startsWith("node:");

test("nothing has to be installed beside it: its files import only each other and what the runtime has", async () => {
  expect(Object.keys(packageJson)).not.toContain("dependencies");
  const transpiler = new Bun.Transpiler({ loader: "js" });
  const outside = [...new Glob("**/*.js").scanSync(installed.folder)].flatMap((file) => {
    const source = readFileSync(join(installed.folder, file), "utf8");
    const imports = transpiler.scanImports(source.replace(/^#!.*/, "")).map(({ path }) => path);
    return imports.filter((path) => !path.startsWith(".") && !isBuiltIn(path));
  });
  // Asked for only where a proxy wants Kerberos; without it that is refused as every other login that is not known.
  expect(outside.filter((path) => path !== "kerberos")).toEqual([]);
});

test("the version is a semantic one, and the change log begins with it", () => {
  expect(packageJson.version).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
  const [, newest] = /^## (\S+)/m.exec(readFileSync(join(CHECKOUT, "CHANGELOG.md"), "utf8")) ?? [];
  expect(newest).toBe(packageJson.version);
});

test("its types are those of a plugin", async () => {
  const user = join(place, "user");
  symlinkSync(join(CHECKOUT, "node_modules/@opencode-ai"), join(user, "node_modules/@opencode-ai"));
  writeFileSync(
    join(user, "uses-it.mts"),
    `import type { Plugin } from "@opencode-ai/plugin";
     import plugin from "opencode-mattermost";
     import same from "opencode-mattermost/server";
     export const servers: readonly Plugin[] = [plugin.server, same.server];
     // @ts-expect-error it is no number
     export const id: number = plugin.id;`,
  );
  const tsc = join(CHECKOUT, "node_modules/.bin/tsc");
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", ""];
  const { stdout, code } = await run([tsc, ...flags, "uses-it.mts"], { cwd: user });
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
});

const NAMED = [
  ["by its folder", () => `file://${installed.folder}`],
  ["as a package that OpenCode installs", () => `opencode-mattermost@file:${installed.tarball}`],
] as const;

test.each(NAMED)(
  "named %s: a session becomes a thread, a reply prompts it, the answer comes back",
  async (_how, path) => {
    const world = await startWorld();
    try {
      const options = { url: world.mattermost.url, owner: "alice" };
      const opencode = await world.opencode({ plugin: { path: path(), options } });
      const root = await world.rootOf(await newSession(opencode.client()));
      await world.say(root.id, "hello there");
      await world.answered(root.id, "Scripted answer to: hello there");
      expect(world.model.calls().map(({ userText }) => userText)).toEqual(["hello there"]);
      expect(world.replies(root.id)).toHaveLength(1);
    } finally {
      await world.stop();
    }
  },
  120_000,
);
