import { describe, expect, test } from "bun:test";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineId } from "../../../src/persistence/machine.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const names = { hostname: "desk", home: "/home/alice" };

describe("the machine id", () => {
  test("is made once, at random, for the user alone", () => {
    using folder = temporaryFolder();
    using another = temporaryFolder();
    const state = join(folder.path, "state");
    const id = machineId({ ...names, folder: state });
    expect(machineId({ hostname: "renamed", home: "/elsewhere", folder: state })).toBe(id);
    expect(machineId({ ...names, folder: another.path })).not.toBe(id);
    expect(readdirSync(state)).toEqual(["machine-id"]);
    expect(statSync(join(state, "machine-id")).mode & 0o777).toBe(0o600);
  });

  test("is the same for processes that start together", async () => {
    using folder = temporaryFolder();
    const source = join(import.meta.dir, "../../../src/persistence/machine.ts");
    const program = `import { machineId } from ${JSON.stringify(source)};
      console.log(machineId({ folder: process.argv[1], hostname: "a", home: "/b" }));`;
    const children = Array.from({ length: 5 }, () =>
      Bun.spawn([process.execPath, "-e", program, join(folder.path, "state")]),
    );
    const ids = await Promise.all(children.map((child) => new Response(child.stdout).text()));
    expect(ids[0]).toMatch(/^[\w-]{36}\n$/);
    expect(new Set(ids).size).toBe(1);
  });

  test("is derived, always the same, where nothing can be kept", () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "file");
    writeFileSync(file, "");
    const id = machineId({ ...names, folder: file });
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(machineId({ ...names, folder: join(file, "deeper") })).toBe(id);
    expect(machineId({ ...names, hostname: "lap", folder: file })).not.toBe(id);
    writeFileSync(join(folder.path, "machine-id"), "what?\n");
    expect(machineId({ ...names, folder: folder.path })).toBe(id);
  });
});
