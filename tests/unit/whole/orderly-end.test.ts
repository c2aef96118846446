// OpenCode's process ends in order: the threads say so, and it is not held up.
import { expect, test } from "bun:test";
import { createRig } from "../../support/rig.ts";

test("an orderly end takes 3 s at most, also where somebody else keeps the mappings locked", async () => {
  const rig = await createRig();
  await rig.open();
  rig.store.update = () => new Promise(() => undefined);
  let isOver = false;
  void rig.bridge.dispose().then(() => {
    isOver = true;
  });
  await rig.clock.advance(3_000);
  expect(isOver).toBe(true);
});

test("what its end says is in the thread when OpenCode has been let go of", async () => {
  const rig = await createRig();
  const { rootId } = await rig.open();
  await rig.chat.say("!help", rootId);
  await rig.clock.advance(10_000);
  await rig.bridge.dispose();
  expect(rig.chat.posts().at(-1)?.message).toContain("Session ended");
});
