import { expect, test } from "bun:test";
import { COMMANDS } from "../../../src/commands/index.ts";
import { resume } from "../../../src/commands/resume.ts";
import { asSessionId } from "../../../src/models/ids.ts";
import { createFakeCommandPort } from "../../support/fake-command-port.ts";

const ended = (id: string, title: string, project = "core") => ({
  id: asSessionId(id),
  mark: "⚫",
  project,
  title,
  link: "https://chat.test/x",
  forMs: 0,
  needsUser: false,
  ended: true,
});

async function resumed(words: string): Promise<string> {
  const sessions = [
    ended("ses_one", "Fix snake_case_name in [core]"),
    ended("ses_two", "the `retry` test", "my_project"),
  ];
  const bridge = {
    ...createFakeCommandPort(),
    sessions: async () => sessions,
    resume: async (id: string) => `resumed ${id}`,
  };
  const where = { place: "main", commands: COMMANDS, bridge, writtenMs: 0 } as const;
  return String(await resume.run({ ...where, args: words }));
}

test.each([
  ["snake_case", "ses_one"],
  ["in [core]", "ses_one"],
  ["`retry`", "ses_two"],
  ["my_project", "ses_two"],
])("%s is found in the title or the project as they are written", async (words, id) => {
  expect(await resumed(words)).toBe(`resumed ${id}`);
});

test("what is not found is repeated without being acted on", async () => {
  expect(await resumed("![x](u)")).toContain('is like "!\\[x\\](u)"');
});
