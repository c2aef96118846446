// A Mattermost that never answers must not cost OpenCode anything: the same work with the bridge and without it.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { bash } from "../../support/conversation.ts";
import type { HostProcess } from "../../support/hosts/host.ts";
import { newSession, prompt, startWorld, type World } from "../../support/world.ts";

const ROUNDS = 7;

let world: World;
let bridged: HostProcess;
let plain: HostProcess;
let asked: { readonly hits: number };
beforeAll(async () => {
  world = await startWorld();
  asked = world.mattermost.faults.hang({ user: "opencode" });
  bridged = await world.opencode();
  plain = await world.opencode({ withoutPlugin: true });
  const commands = [1, 2, 3, 4, 5].map((count) => [bash(`echo ${count}`)]);
  world.model.on("five commands", [...commands, [{ text: "All five ran." }]]);
}, 120_000);
afterAll(() => world.stop());

/** How long OpenCode takes for a session with five commands, in milliseconds. */
async function workMs(opencode: HostProcess): Promise<number> {
  const client = opencode.client(await opencode.newDirectory("web-shop"));
  const begun = performance.now();
  const text = await prompt(client, await newSession(client), "five commands");
  expect(text).toBe("All five ran.");
  return performance.now() - begun;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test("a session with five commands runs as without the bridge, and its thread comes later", async () => {
  for (const opencode of [plain, bridged]) await workMs(opencode);
  const times: { readonly with: number; readonly without: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Whichever goes first in a round has no advantage from it.
    const first = round % 2 === 0 ? await workMs(bridged) : undefined;
    const without = await workMs(plain);
    times.push({ with: first ?? (await workMs(bridged)), without });
  }
  const medians = [median(times.map((t) => t.with)), median(times.map((t) => t.without))] as const;
  const [slow, usual] = medians.map((ms) => Math.round(ms));
  const ratio = median(times.map((t) => t.with / t.without)).toFixed(2);
  process.stdout.write(`Mattermost silent: ${slow} ms; no bridge: ${usual} ms; ratio ${ratio}\n`);

  expect(asked.hits).toBeGreaterThan(0);
  expect(world.mattermost.posts()).toEqual([]);
  world.mattermost.faults.clear();
  await world.mattermost.until(
    "a thread for every session",
    () => world.roots().length === ROUNDS + 1,
  );
  for (const { id } of world.roots()) await world.reply(id, /^✅[\s\S]*All five ran\.$/);
}, 240_000);
