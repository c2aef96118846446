// The container is made anew: the configuration, and with it the mappings file, is kept, the state folder is not.
import { describe, expect, test } from "bun:test";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { machineId, machineSinceMs } from "../../src/persistence/machine.ts";
import { createStreet } from "../support/several-gateways.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A thread of the old container, and the new one, which has the same sessions. */
async function createContainers(isMappingNewer = false) {
  const street = createStreet();
  const { clock, chat, answersTo } = street;
  const before = street.process("before", { machine: { id: "old", sinceMs: 0 } });
  await before.up();
  const { session, rootId } = await before.open();
  before.kill();
  await clock.advance(60_000);
  const sinceMs = isMappingNewer ? 0 : clock.now();
  const after = street.process("after", { machine: { id: "new", sinceMs } });
  after.host.adopt(session);
  await after.up();
  await clock.advance(5_000);
  return {
    ...street,
    after,
    rootId,
    async says(text: string, where?: typeof rootId) {
      const post = await chat.say(text, where);
      await clock.advance(5_000);
      return { post, answer: answersTo(post.id).join("\n") };
    },
  };
}

describe("after the state folder was lost", () => {
  test("a reply in an old thread is answered", async () => {
    const { says, rootId, saidIn } = await createContainers();
    expect(saidIn(rootId)).toContain("!resume");
    expect((await says("go on", rootId)).answer).toContain("!resume");
  });

  test("!sessions does not show it as live", async () => {
    const { says } = await createContainers();
    expect((await says("!sessions")).answer).not.toContain("🟢");
    expect((await says("!sessions all")).answer).toContain("🔌");
  });

  test("!resume in an old thread brings it back", async () => {
    const { says, rootId, after } = await createContainers();
    expect((await says("!resume", rootId)).answer).toContain("Back");
    const { post } = await says("go on", rootId);
    expect(after.host.prompted.get(post.id)).toBe(1);
  });

  test("what another machine has made since is its own", async () => {
    const { says, rootId, saidIn } = await createContainers(true);
    expect((await says("go on", rootId)).answer).toBe("");
    expect(saidIn(rootId)).toBe("");
  });
});

test("the id says since when it is there", () => {
  using folder = temporaryFolder();
  const state = join(folder.path, "state");
  expect(machineSinceMs(state, 5_000)).toBe(5_000);
  machineId({ folder: state, hostname: "a", home: "/b" });
  utimesSync(join(state, "machine-id"), 1, 2);
  expect(machineSinceMs(state, 5_000)).toBe(2_000);
});
