// `opencode run`: one prompt, one thread with its answer, and an end that waits for nobody.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { failures } from "../../../src/playground/model/failures.ts";
import { bash, marksOf } from "../../support/conversation.ts";
import type { HostProcess } from "../../support/hosts/host.ts";
import { OPENCODE_1 } from "../../support/hosts/opencode-1.ts";
import { mappingOf, startWorldOn, type World } from "../../support/world.ts";

/** From the printed answer to the end. The plugin may take 2.5 s of it; the rest is for a busy machine. */
const ENDS_WITHIN_MS = 8_000;

let world: World;
beforeEach(async () => {
  world = await startWorldOn(OPENCODE_1);
  world.model.on("once", [[{ text: "Printed, and posted." }]]);
});
afterEach(() => world.stop());

const run = (): Promise<HostProcess> => world.opencode({ mode: "run", args: ["once"] });

async function endsInTime(opencode: HostProcess): Promise<void> {
  await world.model.until(
    "the printed answer",
    () => opencode.output().includes("Printed, and posted."),
    60_000,
  );
  const printedAt = performance.now();
  expect(await opencode.exited).toBe(0);
  expect(performance.now() - printedAt).toBeLessThan(ENDS_WITHIN_MS);
}

test("it gets a thread with its answer, and ends by itself", async () => {
  const opencode = await run();
  await endsInTime(opencode);
  const [root, ...others] = world.roots();
  expect(others).toEqual([]);
  expect(root?.message).toStartWith("⚫ **project**");
  const replies = world.replies(root?.id ?? "").map(({ message }) => message);
  expect(replies[0]).toStartWith("✅ **project**");
  expect(replies[0]).toContain("⌨️ from `opencode run`\n> once");
  expect(replies[0]).toEndWith("Printed, and posted.");
  expect(replies).toHaveLength(1);
  const sessionId = String(Object(root?.props["opencode_mattermost"]).session_id);
  expect(mappingOf(opencode.home, sessionId)).toMatchObject({ status: "ended" });
  expect(world.callsOf(sessionId)).toHaveLength(1);
});

test("it is steered while it lasts, and everything of it stands in its thread when it ends", async () => {
  world.model.on("long", [[bash("echo on"), { gate: "long" }], [{ text: "Half." }]]);
  world.model.on("And the docs?", [[{ text: "Docs, too." }]]);
  const opencode = await world.opencode({ mode: "run", args: ["long"] });
  const root = await world.mattermost.until("the thread", () => world.roots()[0], 60_000);
  const owner = world.mattermost.as("alice");
  const steer = await owner.post("And the docs?", { rootId: root.id });
  await world.mattermost.until("OpenCode to have it", () => marksOf(world, steer).length > 0);
  world.model.release("long");
  expect(await opencode.exited).toBe(0);
  expect(opencode.output()).toContain("Docs, too.");
  const said = world.replies(root.id).map(({ message }) => message);
  expect(said.filter((text) => text.includes("Docs, too."))).toHaveLength(1);
  expect((await world.becomes(root.id, /^⚫/)).message).toContain("opencode -s");
});

test("what goes wrong stands in its thread as that", async () => {
  world.model.on("wrong", [[{ error: failures.unauthorized() }]]);
  const opencode = await world.opencode({ mode: "run", args: ["wrong"] });
  await opencode.exited;
  const [root] = world.roots();
  expect(root?.message).toStartWith("⚫ **project**");
  const said = world.replies(root?.id ?? "").map(({ message }) => message);
  expect(said[0]).toStartWith("❌ **project**");
  expect(said[0]).toContain("Incorrect API key provided.");
});

test("where the settings say so it has no thread, and Mattermost is not asked anything", async () => {
  const opencode = await world.opencode({
    mode: "run",
    args: ["once"],
    pluginOptions: { sessions: "interactive" },
  });
  await endsInTime(opencode);
  expect(world.roots()).toEqual([]);
  expect(world.mattermost.sockets()).toEqual([]);
});

test("with Mattermost away it is not held up", async () => {
  world.mattermost.faults.leave();
  await endsInTime(await run());
});

test("with a Mattermost that does not answer it is not held up for long", async () => {
  world.mattermost.faults.hang({ user: "opencode" });
  await endsInTime(await run());
});

test("with a Mattermost that stops answering in the middle it is not held up for long", async () => {
  world.model.on("gated", [[{ text: "Half. " }, { gate: "rest" }, { text: "Whole." }]]);
  const opencode = await world.opencode({ mode: "run", args: ["gated"] });
  const root = await world.mattermost.until("the thread", () => world.roots()[0], 60_000);
  await world.reply(root.id, /Half\./);
  world.mattermost.faults.hang({ user: "opencode" });
  world.model.release("rest");
  const releasedAt = performance.now();
  expect(await opencode.exited).toBe(0);
  expect(opencode.output()).toContain("Whole.");
  expect(performance.now() - releasedAt).toBeLessThan(ENDS_WITHIN_MS);
});
