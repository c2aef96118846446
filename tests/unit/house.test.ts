// What the folders' READMEs and CONTRIBUTING say of the house is compared with the house.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { Glob } from "bun";

const files = [...new Glob("src/**/*.ts").scanSync()].sort();
const folders = [...new Set(files.map(dirname))].filter((folder) => folder !== "src").sort();
const IMPORT = /(?:from |import |import\()"(\.[^"]+)"/g;

/** For each folder the files that other folders of `src/` import. */
async function usedFromOutside(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const used = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [, spec = ""] of (await Bun.file(file).text()).matchAll(IMPORT)) {
      const target = normalize(join(dirname(file), spec));
      if (dirname(target) === dirname(file)) continue;
      used.set(dirname(target), (used.get(dirname(target)) ?? new Set()).add(target));
    }
  }
  return used;
}

const READMES_WITH_DOORS = folders.filter((folder) => !folder.startsWith("src/playground"));

test.each(folders)(
  "%s has a README of a few lines: its purpose, doors and limits",
  async (folder) => {
    const lines = (await Bun.file(`${folder}/README.md`).text()).trim().split("\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines[0]).toBe(`# ${relative("src", folder)}/`);
    for (const label of ["Doors: ", "Must not know: "]) {
      expect(lines.filter((line) => line.startsWith(label))).toHaveLength(1);
    }
  },
);

test.each(READMES_WITH_DOORS)(
  "the doors that %s names are those that others use",
  async (folder) => {
    const text = await Bun.file(`${folder}/README.md`).text();
    const [, doors = ""] = /^Doors: (.+)$/m.exec(text) ?? [];
    if (doors === "all") return;
    const named = [...doors.matchAll(/`([^`]+)`/g)].map(([, name]) => `${folder}/${name}`);
    const used = (await usedFromOutside()).get(folder) ?? new Set();
    expect(named.sort()).toEqual([...used].sort());
  },
);

const NAMED_PATH = /`((?:[a-z0-9-]+\/)+(?:[a-z0-9-]+\.ts)?|[a-z0-9-]+\.ts)`/g;
const ROOTS = ["", "src"];

test("CONTRIBUTING names folders and files that exist, and its data flows pass every room", async () => {
  const text = await Bun.file("CONTRIBUTING.md").text();
  const named = [...text.matchAll(NAMED_PATH)].map(([, path = ""]) => path);
  const missing = named.filter((path) => !ROOTS.some((root) => existsSync(join(root, path))));
  expect(missing).toEqual([]);
  const [, flows = ""] = /## How data flows\n([\s\S]*?)\n## /.exec(text) ?? [];
  const rooms = READMES_WITH_DOORS.map((folder) => relative("src", folder));
  expect(rooms.filter((room) => !flows.includes(`\`${room}/`))).toEqual([]);
});

test.each(folders)("%s: the files that its README names exist", async (folder) => {
  const text = await Bun.file(`${folder}/README.md`).text();
  const named = [...text.matchAll(NAMED_PATH)].map(([, path = ""]) => path);
  const roots = [folder, "src", ""];
  expect(named.filter((path) => !roots.some((root) => existsSync(join(root, path))))).toEqual([]);
});
