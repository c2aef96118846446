import type { HostProcess } from "../../tests/support/hosts/host.ts";
import { newSession, startWorld, type World } from "../../tests/support/world.ts";
import { type Figure, type Result, ratios } from "../figure.ts";
import { IDLE_MS, idleBeyond, untilQuiet } from "../idle.ts";
import { memoryMb, processorMs } from "../processor.ts";
import { inTurns, repeat } from "../timed.ts";

const ROUNDS = 12;
const WARM = 3;
const SESSIONS = 100;
const TURNS = 200;
const WORDS = 60;
const WORD_EVERY_MS = 50;

/** What the bridge costs the machine: processor and memory of OpenCode's process, with it and without. */
export async function resources(): Promise<Result> {
  const world = await startWorld();
  const answer = Array.from({ length: WORDS }, (_, at) => [
    { text: `word${at} ` },
    { pauseMs: WORD_EVERY_MS },
  ]).flat();
  world.model.on("speak", [answer]);
  try {
    const plain = await world.opencode({ withoutPlugin: true });
    const bridged = await world.opencode();
    const [withBridge, alone] = await inTurns(
      ROUNDS,
      await answering(bridged),
      await answering(plain),
    );
    const figures: Figure[] = [
      { name: "processor for an answer of 3 s, OpenCode alone", unit: "ms", samples: alone },
      { name: "processor for an answer of 3 s, with the bridge", unit: "ms", samples: withBridge },
      {
        name: "processor for an answer of 3 s, beside OpenCode alone",
        unit: "×",
        samples: ratios(withBridge, alone),
        goal: { of: "median", atMost: 1.1 },
      },
      ...(await ofSessions(world, bridged, plain)),
      ...(await ofTurns(world, bridged, plain)),
    ];
    return { figures };
  } finally {
    await world.stop();
  }
}

async function answering(opencode: HostProcess) {
  const client = opencode.client(await opencode.newDirectory("answers"));
  const session = await newSession(client);
  await repeat(WARM, (round) => client.prompt(session, `speak, to warm up ${round}`));
  return async (round: number): Promise<number> => {
    const before = processorMs(opencode.pid);
    await client.prompt(session, `speak ${round}`);
    // What is left to be posted belongs to it.
    await Bun.sleep(500);
    return processorMs(opencode.pid) - before;
  };
}

/** A hundred sessions that rest. */
async function ofSessions(
  world: World,
  bridged: HostProcess,
  plain: HostProcess,
): Promise<readonly Figure[]> {
  const grow = async (opencode: HostProcess): Promise<number> => {
    const client = opencode.client(await opencode.newDirectory("many"));
    await newSession(client);
    const before = memoryMb(opencode.pid);
    for (let at = 0; at < SESSIONS; at++) await newSession(client);
    return memoryMb(opencode.pid) - before;
  };
  const alone = await grow(plain);
  const withBridge = await grow(bridged);
  await world.mattermost.until("every thread", () => world.roots().length > SESSIONS, 120_000);
  await untilQuiet(world);
  const callsBefore = world.mattermost.requests().length;
  const spent = await idleBeyond(bridged, plain);
  return [
    { name: `memory for ${SESSIONS} sessions, OpenCode alone`, unit: "MB", samples: [alone] },
    { name: `memory for ${SESSIONS} sessions, with the bridge`, unit: "MB", samples: [withBridge] },
    {
      name: `processor of ${SESSIONS} idle sessions, beyond OpenCode alone`,
      unit: "%",
      samples: spent,
      goal: { of: "median", atMost: 1 },
    },
    {
      name: `REST calls of ${SESSIONS} idle sessions in ${IDLE_MS / 1000} s`,
      unit: "calls",
      samples: [world.mattermost.requests().length - callsBefore],
      goal: { of: "median", atMost: 0 },
    },
  ];
}

async function ofTurns(
  world: World,
  bridged: HostProcess,
  plain: HostProcess,
): Promise<readonly Figure[]> {
  world.model.on("short", [[{ text: "A short answer." }]]);
  const grow = async (opencode: HostProcess): Promise<number> => {
    const client = opencode.client(await opencode.newDirectory("turns"));
    const before = memoryMb(opencode.pid);
    for (let at = 0; at < TURNS; at++) {
      const session = await newSession(client);
      await client.prompt(session, `short ${at}`);
    }
    return ((memoryMb(opencode.pid) - before) * 1000) / TURNS;
  };
  return [
    {
      name: `memory for 1,000 turns in sessions of their own, OpenCode alone (from ${TURNS})`,
      unit: "MB",
      samples: [await grow(plain)],
    },
    {
      name: `memory for 1,000 turns in sessions of their own, with the bridge (from ${TURNS})`,
      unit: "MB",
      samples: [await grow(bridged)],
    },
  ];
}
