// What the bridge costs, as ratios within one run: absolute times depend on the machine and its load.
import { bash } from "../tests/support/conversation.ts";
import type { HostProcess } from "../tests/support/hosts/host.ts";
import { newSession, startWorld, type World } from "../tests/support/world.ts";

const ROUNDS = 15;

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

async function timed(task: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await task();
  return performance.now() - startMs;
}

async function repeat(rounds: number, task: (round: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await task(round));
  return median(times);
}

const called = (world: World, text: string) =>
  world.model.until(`the model is asked "${text}"`, () =>
    world.model.calls().some((call) => call.userText === text),
  );

async function promptByApi(world: World, opencode: HostProcess, name: string) {
  const client = opencode.client(await opencode.newDirectory(name));
  const sessionID = await newSession(client);
  const prompt = (text: string) => client.send(sessionID, text);
  await prompt(`${name} warm`);
  await called(world, `${name} warm`);
  return repeat(ROUNDS, (round) =>
    timed(async () => {
      await prompt(`${name} ${round}`);
      await called(world, `${name} ${round}`);
    }),
  );
}

async function promptByReply(world: World, opencode: HostProcess) {
  const client = opencode.client(await opencode.newDirectory("replies"));
  const root = await world.rootOf(await newSession(client));
  await world.say(root.id, "warm");
  await called(world, "warm");
  return repeat(ROUNDS, (round) =>
    timed(async () => {
      await world.say(root.id, `reply ${round}`);
      await called(world, `reply ${round}`);
    }),
  );
}

async function threadVisible(world: World, opencode: HostProcess) {
  const client = opencode.client(await opencode.newDirectory("sessions"));
  await world.rootOf(await newSession(client));
  const create = await repeat(ROUNDS, () => timed(() => newSession(client)));
  const visible = await repeat(ROUNDS, () =>
    timed(async () => world.rootOf(await newSession(client))),
  );
  return { create, visible };
}

/** A turn with five commands, from the prompt to OpenCode's idle. */
async function turnWithTools(opencode: HostProcess, round: number): Promise<number> {
  const client = opencode.client(await opencode.newDirectory("tools"));
  const sessionID = await newSession(client);
  return timed(() => client.prompt(sessionID, `tools ${round}`));
}

/** Medians of the same work in two processes, taken in turns: whatever else the machine does concerns both. */
async function inTurns(one: HostProcess, other: HostProcess) {
  for (const opencode of [one, other]) await turnWithTools(opencode, -1);
  const times: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0 ? await turnWithTools(one, round) : undefined;
    const second = await turnWithTools(other, round);
    times.push([first ?? (await turnWithTools(one, round)), second]);
  }
  return [median(times.map(([ms]) => ms)), median(times.map(([, ms]) => ms))] as const;
}

const world = await startWorld();
world.model.on("tools", (_, step) => (step < 5 ? [bash("echo hi")] : [{ text: "done" }]));
try {
  const plain = await world.opencode({ withoutPlugin: true });
  const bridged = await world.opencode({
    pluginOptions: { requestsPerSecond: 200, requestBurst: 400 },
  });
  const alone = await promptByApi(world, plain, "alone");
  const withBridge = await promptByApi(world, bridged, "bridged");
  const byReply = await promptByReply(world, bridged);
  const { create, visible } = await threadVisible(world, bridged);
  const [toolsBridged, toolsAlone] = await inTurns(bridged, plain);
  await bridged.stop();
  world.mattermost.faults.hang({});
  const silent = await world.opencode();
  const [toolsSilent, toolsAloneThen] = await inTurns(silent, plain);
  const rows: readonly (readonly [string, number, number])[] = [
    ["prompt → model called, through the API, with the bridge loaded", withBridge, alone],
    ["reply in Mattermost → model called", byReply, alone],
    ["session created → thread visible (beside creating it)", visible, create],
    ["turn with five commands, with the bridge", toolsBridged, toolsAlone],
    ["turn with five commands, while Mattermost never answers", toolsSilent, toolsAloneThen],
  ];
  for (const [what, ms, baseMs] of rows) {
    const ratio = (ms / baseMs).toFixed(2).padStart(6);
    console.log(
      `${ratio} ×  ${ms.toFixed(0).padStart(5)} ms / ${baseMs.toFixed(0).padStart(5)} ms  ${what}`,
    );
  }
} finally {
  await world.stop();
}
