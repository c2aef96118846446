import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyOf } from "../../support/conversation.ts";
import type { World } from "../../support/world.ts";
import { startWorld } from "../../support/world.ts";
import { createRandom, type Random } from "../random.ts";
import { type Findings, isClean, type Scenario, type Setting } from "../scenario.ts";
import { type Crew, createCrew, type Message } from "./crew.ts";
import { type Case, judge } from "./judge.ts";
import { createEcho } from "./script.ts";
import { createWeather } from "./weather.ts";

interface Size {
  readonly threads: number;
  readonly messages: number;
  readonly processes: number;
  readonly directories: number;
  /** A process is killed after so many messages; every third time all of them are. */
  readonly killEvery: number;
  readonly gapMs: number;
  readonly everyMs: number;
  readonly stormEveryMs: number;
  readonly awayMs: number;
  readonly longStorms: boolean;
}

const SHORT: Size = {
  threads: 12,
  messages: 160,
  processes: 3,
  directories: 6,
  killEvery: 38,
  gapMs: 180,
  everyMs: 900,
  stormEveryMs: 6_000,
  awayMs: 1_500,
  longStorms: false,
};
const FULL: Size = {
  threads: 50,
  messages: 2_000,
  processes: 4,
  directories: 12,
  killEvery: 250,
  gapMs: 180,
  everyMs: 1_500,
  stormEveryMs: 20_000,
  awayMs: 5_000,
  longStorms: true,
};
/** Closer together: ten thousand are through in half an hour, and four OpenCodes keep up with them. */
const LONG: Size = { ...FULL, messages: 10_000, gapMs: 130 };
const SIZES = { short: SHORT, full: FULL, long: LONG } as const;

/** Once nothing changes any more for so long, what is missing stays missing. */
const PATIENCE_MS = 75_000;
/** A request that was late on its way may still come: it is clean only when it stays so. */
const CALM_MS = 4_000;
const TAP_EVERY_MS = 20_000;
const MOST_TAPS = 3;

/** Messages of the owner through several real OpenCode processes, with everything going wrong that can. */
export const messages: Scenario = {
  name: "messages",
  async run(setting) {
    const base = SIZES[setting.size];
    const size = { ...base, messages: setting.messages ?? base.messages };
    const random = createRandom(setting.seed);
    const world = await startWorld();
    try {
      world.model.otherwise(createEcho());
      const crew = await createCrew(world, random.fork(), size);
      setting.note(`${size.threads} threads in ${size.processes} processes are there`);
      const sent = await storm(world, crew, random, size, setting);
      const findings = await settle({ world, crew, messages: sent }, setting);
      if (!isClean(findings)) await keepEvidence(world, crew, findings, setting);
      return { ...findings, sent: sent.length };
    } finally {
      await world.stop();
    }
  },
};

/** Some of what the owner writes is a command that must not be done twice. */
function commandAt(number: number): Message["command"] {
  if (number % 7 === 3) return "!queue";
  if (number % 19 === 11) return "!retry";
  if (number % 23 === 17) return "!undo";
  return number % 53 === 29 ? "!fork" : "";
}

async function write(world: World, crew: Crew, dice: Random, number: number): Promise<Message> {
  const talk = dice.pick(crew.talks);
  const token = `m${number}`;
  const kind = dice.pick(["", "", "", " slow", " slow", " tool", " long"]);
  const command = commandAt(number);
  const prompt = `${token} please${kind}`;
  const text = command === "!queue" ? `!queue ${prompt}` : command || prompt;
  return { token, talk, command, postId: await world.say(talk.rootId, text) };
}

/** Sends everything while everything goes wrong; resolves when the faults are over and all processes are back. */
async function storm(
  world: World,
  crew: Crew,
  random: Random,
  size: Size,
  { note }: Setting,
): Promise<readonly Message[]> {
  const weather = createWeather(world.mattermost, random.fork(), size);
  const sent: Message[] = [];
  const dice = random.fork();
  let strikes = 0;
  let striking: Promise<void> = Promise.resolve();
  let failure: unknown;
  for (let number = 1; number <= size.messages; number++) {
    sent.push(await write(world, crew, dice, number));
    if (number % size.killEvery === 0) {
      const all = ++strikes % 3 === 0;
      const places = all
        ? [...Array(size.processes).keys()]
        : [dice.between(0, size.processes - 1)];
      const pauseMs = dice.between(100, 4_000);
      note(`${number} messages sent; killing ${all ? "every process" : `process ${places}`}`);
      striking = striking
        .then(() => crew.strike(places, pauseMs))
        .catch((error) => {
          failure ??= error;
        });
    }
    if (failure) throw failure;
    if (number % 20 === 0) await crew.bringBack();
    await Bun.sleep(dice.between(0, size.gapMs * 2));
  }
  await striking;
  await weather.clear();
  if (failure) throw failure;
  note(
    `all sent; the faults are over: ${[...weather.tally].map((one) => one.join(" ")).join(", ")}`,
  );
  return sent;
}

/** For whoever looks for the cause: what the processes wrote, every post, and all that was found. */
async function keepEvidence(
  world: World,
  crew: Crew,
  findings: Findings,
  { seed, note }: Setting,
): Promise<void> {
  const path = join(tmpdir(), `opencode-mattermost-chaos-${seed}`);
  await Bun.write(`${path}.log`, crew.logs());
  const posts = world.mattermost.posts({ includeDeleted: true });
  await Bun.write(`${path}.json`, JSON.stringify(posts, undefined, 1));
  await Bun.write(`${path}-findings.json`, JSON.stringify(findings, undefined, 1));
  note(`the logs are in ${path}.log, beside them the posts and every finding as .json`);
}

/**
 * What waited for more than 15 minutes, or in a queue when its run was broken off, is offered, and runs when the owner says so: taps
 * every offer, again where the process that should have heard it went.
 */
function createTapper({ mattermost }: World): () => Promise<void> {
  const alice = mattermost.as("alice");
  const taps = new Map<string, { readonly times: number; readonly atMs: number }>();
  return async () => {
    for (const post of mattermost.posts({ userId: mattermost.bot.id })) {
      const { times, atMs } = taps.get(post.id) ?? { times: 0, atMs: 0 };
      const isDue = times < MOST_TAPS && Date.now() - atMs > TAP_EVERY_MS;
      if (!isDue || !/^(?:late|queued)\//.test(keyOf(post))) continue;
      taps.set(post.id, { times: times + 1, atMs: Date.now() });
      if (times > 0) await alice.unreact(post.id, "arrow_forward");
      await alice.react(post.id, "arrow_forward");
    }
  };
}

/** Waits until all is well and stays so, or until nothing changes any more. */
async function settle(situation: Case, { note }: Setting): Promise<Findings> {
  const { world, crew } = situation;
  let before = "";
  let changedMs = Date.now();
  let cleanMs: number | undefined;
  const tap = createTapper(world);
  for (;;) {
    const lost = await crew.bringBack();
    await tap();
    const process = crew.anyone();
    if (!process) throw new Error("No process is left.");
    const judgedMs = Date.now();
    const findings = await judge(situation, process.client());
    const tookMs = Date.now() - judgedMs;
    const seen =
      world.mattermost
        .requests()
        .filter(({ method }) => method !== "GET")
        .at(-1)?.at ?? 0;
    const state = JSON.stringify([lost, findings, seen]);
    const now = Date.now();
    if (state !== before) changedMs = now;
    before = state;
    const well = isClean(findings) && lost === 0;
    cleanMs = well ? (cleanMs ?? now) : undefined;
    if (cleanMs !== undefined && now - Math.max(cleanMs, changedMs) > CALM_MS) {
      note("all is well");
      return findings;
    }
    if (now - changedMs > PATIENCE_MS) {
      const gone = crew.talks.filter((talk) => crew.statusOf(talk) !== "active");
      const silent = gone.map((talk) => `session ${talk.sessionId} does not come back`);
      return { ...findings, silent: [...findings.silent, ...silent] };
    }
    // Reading all that OpenCode has stored keeps it from what it still has to do.
    await Bun.sleep(Math.max(500, 3 * tookMs));
  }
}
