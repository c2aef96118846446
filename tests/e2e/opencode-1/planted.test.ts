// A state folder that somebody else may have had a hand in: OpenCode runs on without the bridge, and says why.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { logged, newSession, prompt, startWorld, type World } from "../../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** A home whose state folder was there before the first start. */
function plantedHome(plant: (state: string) => void) {
  const home = temporaryFolder();
  const state = join(home.path, ".local", "state", "opencode-mattermost");
  mkdirSync(dirname(state), { recursive: true, mode: 0o700 });
  plant(state);
  return { home, state };
}

const openToAll = (state: string): void => {
  mkdirSync(state);
  chmodSync(state, 0o777);
};

describe.each<[what: string, plant: (state: string) => void, advice: string]>([
  ["is open to others", openToAll, "chmod 700"],
  [
    "is a link",
    (state) => {
      mkdirSync(join(dirname(state), "elsewhere"), { mode: 0o700 });
      symlinkSync(join(dirname(state), "elsewhere"), state);
    },
    "remove it",
  ],
  [
    "has a pipe in it",
    (state) => {
      mkdirSync(state, { mode: 0o700 });
      Bun.spawnSync(["mkfifo", join(state, "machine-id")]);
    },
    "is not a regular file",
  ],
])("a state folder that %s", (_, plant, advice) => {
  test("is not used: sessions run without a thread, and the log says what to do", async () => {
    const { home, state } = plantedHome(plant);
    const before = readdirSync(state);
    const opencode = await world.opencode({ home: home.path });
    const client = opencode.client();
    const sessionId = await newSession(client);
    expect(await prompt(client, sessionId, "hello")).toBe("Scripted answer to: hello");
    const said = logged(opencode, "ERROR").filter((line) => line.includes("Nothing is bridged"));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(state);
    expect(said[0]).toContain(advice);
    expect(readdirSync(state)).toEqual(before);
    expect(world.roots(sessionId)).toEqual([]);
    await opencode.stop();
    home[Symbol.dispose]();
  });
});

test("in the terminal a toast says so", async () => {
  const { home } = plantedHome(openToAll);
  const opencode = await world.opencode({ home: home.path, mode: "tui" });
  await world.model.until("the toast", () => opencode.screen().includes("Nothing is bridged"));
  await opencode.stop();
  home[Symbol.dispose]();
});
