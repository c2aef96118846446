// "It is done: take its folder away, but lose nothing of mine."
import { expect, test } from "bun:test";
import { createStreet } from "../support/several-gateways.ts";
import { DIRECTORY } from "../support/small-host.ts";

async function createTree(isMade = true) {
  const street = createStreet();
  const { chat, clock, worktrees, saidIn } = street;
  if (isMade) worktrees.there.set(DIRECTORY, { branch: "fix-1", isClean: true });
  const one = street.process("one");
  await one.up();
  const { rootId, session } = await one.open();
  return {
    ...street,
    one,
    rootId,
    session,
    change(isClean: boolean) {
      worktrees.there.set(DIRECTORY, { branch: "fix-1", isClean });
    },
    async says(text: string) {
      const before = saidIn(rootId);
      await chat.say(text, rootId);
      await clock.advance(5_000);
      return saidIn(rootId).slice(before.length);
    },
  };
}

test("!end offers to take a clean one away, and !end remove does it, once", async () => {
  const { says, worktrees, gone } = await createTree();
  const offer = await says("!end");
  expect(offer).toContain("Session ended");
  expect(offer).toMatch(/worktree `\S+` is clean: `!end remove` here .*branch `fix-1` stays/);
  expect(worktrees.there.size).toBe(1);
  expect(await says("!end remove")).toContain("is removed");
  expect(worktrees.there.size).toBe(0);
  gone.add(DIRECTORY);
  expect(await says("!end remove")).toContain("not there any more");
});

test("!end remove ends a live session first", async () => {
  const { says, worktrees, store, session } = await createTree();
  expect(await says("!end remove")).toMatch(/Session ended[\s\S]*is removed/);
  expect(worktrees.there.size).toBe(0);
  expect(store.threads.get(session.id)?.status).toBe("ended");
});

test("one with changes is not offered, and never removed", async () => {
  const { says, worktrees, change } = await createTree();
  change(false);
  expect(await says("!end")).toMatch(/stays, because it has changes/);
  expect(await says("!end remove")).toMatch(/stays, because it has changes/);
  expect(worktrees.there.size).toBe(1);
});

test("changes that come between the look and the removal are not lost", async () => {
  const { says, worktrees } = await createTree();
  await says("!end");
  worktrees.failWith("fatal: contains modified or untracked files");
  expect(await says("!end remove")).toMatch(/stays, because it cannot be removed: fatal: contains/);
  expect(worktrees.there.size).toBe(1);
});

test("while another session works there it is not spoken of, and not removed", async () => {
  const { says, one, worktrees } = await createTree();
  await one.open();
  expect(await says("!end")).not.toContain("🌳");
  expect(await says("!end remove")).toContain("another session works there");
  expect(worktrees.there.size).toBe(1);
});

test("of a folder that is none, and of one that I made myself, nothing is said", async () => {
  const { says } = await createTree(false);
  expect(await says("!end")).not.toContain("🌳");
  expect(await says("!end remove")).toContain("no worktree of its own");
});

test("it works where the process that ran the session is gone", async () => {
  const { one, process, says, worktrees, clock } = await createTree();
  one.kill();
  await process("two").up();
  await clock.advance(60_000);
  expect(await says("!end remove")).toContain("is removed");
  expect(worktrees.there.size).toBe(0);
});
