// `opencode run`: one prompt, one thread with its answer, and an end that waits for nobody.
import { afterEach, beforeEach, expect, test } from "bun:test";
import type { OpenCodeProcess } from "../../src/playground/opencode-process.ts";
import { mappingOf, startWorld, type World } from "../support/world.ts";

/** How much later than without the plugin it may end, in milliseconds. */
const HELD_UP_AT_MOST_MS = 4_000;

let world: World;
let bare: OpenCodeProcess;
let bareMs: number;
beforeEach(async () => {
  world = await startWorld();
  world.model.on(/^once/, [[{ text: "Printed, and posted." }]]);
  bare = await world.opencode({ mode: "run", withoutPlugin: true, args: ["once"] });
  bareMs = await timed(bare);
}, 60_000);
afterEach(() => world.stop());

async function timed(opencode: OpenCodeProcess): Promise<number> {
  const startedAt = performance.now();
  expect(await opencode.exited).toBe(0);
  expect(opencode.output()).toContain("Printed, and posted.");
  return performance.now() - startedAt;
}

test("it gets a thread with its answer, and ends by itself", async () => {
  const { home, directory } = bare;
  const opencode = await world.opencode({ mode: "run", home, directory, args: ["once-more"] });
  const tookMs = await timed(opencode);
  const [root, ...others] = world.roots();
  expect(others).toEqual([]);
  expect(root?.message).toStartWith("⚫ **project**");
  const replies = world.replies(root?.id ?? "").map(({ message }) => message);
  expect(replies.filter((message) => message.endsWith("Printed, and posted."))).toHaveLength(1);
  expect(replies[0]).toContain("> once-more");
  expect(replies.filter((message) => message.includes("Session ended"))).toHaveLength(1);
  expect(replies).toHaveLength(2);
  const sessionId = String(Object(root?.props["opencode_mattermost"]).session_id);
  expect(mappingOf(home, sessionId)).toMatchObject({ status: "ended" });
  expect(tookMs).toBeLessThan(bareMs + HELD_UP_AT_MOST_MS);
});

test("with Mattermost away it is not held up", async () => {
  world.mattermost.faults.leave();
  const { home, directory } = bare;
  const opencode = await world.opencode({ mode: "run", home, directory, args: ["once-more"] });
  expect(await timed(opencode)).toBeLessThan(bareMs + HELD_UP_AT_MOST_MS);
});

test("with a Mattermost that does not answer it is not held up for long", async () => {
  world.mattermost.faults.hang({ user: "opencode" });
  const { home, directory } = bare;
  const opencode = await world.opencode({ mode: "run", home, directory, args: ["once-more"] });
  expect(await timed(opencode)).toBeLessThan(bareMs + HELD_UP_AT_MOST_MS);
});
