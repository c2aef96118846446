// A file of mappings that cannot be read is never overwritten.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { HostProcess } from "../../support/hosts/host.ts";
import {
  logged,
  mappingOf,
  mappingsPath,
  newSession,
  prompt,
  startWorld,
  type World,
} from "../../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  // It loads the plugin with the first request for a directory.
  opencode = await world.opencode();
}, 60_000);

const said = (): string => logged(opencode, "WARN", "ERROR").join("\n");

/** The files beside the mappings that were set aside, with their bytes. */
function setAside(): { readonly name: string; readonly text: string }[] {
  const path = mappingsPath(opencode.home);
  const folder = dirname(path);
  const names = readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.`));
  return names
    .filter((name) => /\d{4}-\d\d-\d\d/.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), "latin1") }));
}

test.each([
  ["no JSON", '{"version": 1, "threads": [{"sessionId": "ses_cut'],
  ["bytes that are no text", "\xff\xfe\x00\x01garbage\x80"],
  ["nothing in it", ""],
  ["JSON of another kind", '["not", "a", "file", "of", "mappings"]\n'],
])("%s: set aside as it was, and threads work", async (_, content) => {
  writeFileSync(mappingsPath(opencode.home), content, "latin1");
  const client = opencode.client();
  const sessionId = await newSession(client);
  const root = await world.rootOf(sessionId);
  await world.say(root.id, "does it work?");
  await world.answered(root.id, "Scripted answer to: does it work?");
  expect(setAside().map(({ text }) => text)).toEqual([content]);
  expect(mappingOf(opencode.home, sessionId)).toMatchObject({ rootPostId: root.id });
  await world.model.until("the log to say so", () => said().includes(setAside()[0]?.name ?? "?"));
  expect(world.roots(sessionId)).toHaveLength(1);
  await opencode.kill();
});

test("a newer version: left untouched, the log says so, OpenCode works", async () => {
  const path = mappingsPath(opencode.home);
  const content = '{"version":99,"threads":{"ses_x":"of a shape to come"}}';
  writeFileSync(path, content);
  const client = opencode.client();
  const sessionId = await newSession(client);
  expect(await prompt(client, sessionId, "still there?")).toContain("still there?");
  await world.model.until("the log to say so", () => said().includes("version 99"));
  expect(said()).toContain(path);
  expect(readFileSync(path, "utf8")).toBe(content);
  await opencode.kill();
  expect(readFileSync(path, "utf8")).toBe(content);
  expect(setAside()).toEqual([]);
});
