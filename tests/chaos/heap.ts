import type { SessionInfo } from "../../src/models/host-event.ts";
import type { PostId } from "../../src/models/ids.ts";
import { createRig, type Rig } from "../support/rig.ts";
import { inMegabytes, usedBytes } from "./memory.ts";
import { createRandom, type Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";

const SESSIONS = 5;
const MINUTE_MS = 60_000;
const MAY_GROW_BYTES = 5 * 1024 * 1024;
/** Timers of what happens to be going on at the moment of counting. */
const MAY_ADD_TIMERS = 5;

interface Talk {
  readonly session: SessionInfo;
  readonly rootId: PostId;
}

/** Hours of busy traffic in one process: what it needs stays the same once it is warm. */
export const heap: Scenario = {
  name: "heap",
  async run({ size, seed, note }) {
    const random = createRandom(seed);
    const [warmMinutes, minutes] = size === "short" ? [20, 60] : [120, 480];
    // The fakes forget, so that what grows is the bridge.
    const rig = await createRig({ posts: 400, messages: 40 });
    const talks: Talk[] = [];
    for (let at = 0; at < SESSIONS; at++) talks.push(await rig.open());
    const said: PostId[] = [];
    const work = async (from: number, until: number): Promise<void> => {
      for (let minute = from; minute < until; minute++)
        said.push(...(await busyMinute(rig, talks, random, minute)));
    };
    await work(0, warmMinutes);
    await rig.clock.advance(MINUTE_MS);
    const [warmBytes, warmTimers] = [await usedBytes(), rig.clock.pending()];
    await work(warmMinutes, minutes);
    await rig.clock.advance(MINUTE_MS);
    const [bytes, timers] = [await usedBytes(), rig.clock.pending()];
    await rig.stop();
    const left = rig.clock.pending();
    note(
      `${said.length} prompts in ${minutes} simulated minutes: ${inMegabytes(warmBytes)} → ${inMegabytes(bytes)}, ${warmTimers} → ${timers} timers, ${left} after the end`,
    );
    const silent = [...rig.errors];
    if (bytes - warmBytes > MAY_GROW_BYTES) {
      silent.push(`the heap grew by ${inMegabytes(bytes - warmBytes)} after it was warm`);
    }
    if (timers - warmTimers > MAY_ADD_TIMERS) {
      silent.push(`${timers} timers wait, ${timers - warmTimers} more than when it was warm`);
    }
    const ran = rig.host.prompted;
    const doubled = [...ran].filter(([, times]) => times > 1).map(([id]) => `${id} ran twice`);
    const lost = said.filter((id) => !ran.has(id)).map((id) => `${id} did not run`);
    return { sent: said.length, lost, doubled, crossed: [], silent };
  },
};

/** Prompts from the thread and from the terminal, commands, a lost socket, sessions that come and go. */
async function busyMinute(
  rig: Rig,
  talks: readonly Talk[],
  random: Random,
  minute: number,
): Promise<readonly PostId[]> {
  const said: PostId[] = [];
  for (const { session, rootId } of talks) {
    if (random.chance(0.7)) said.push(rig.chat.say(`prompt of minute ${minute}`, rootId).id);
    else await rig.host.turn(session.id, { text: "typed in the terminal\n".repeat(20) });
    if (random.chance(0.2)) rig.chat.say("!help", rootId);
    await rig.clock.advance(random.between(1_000, 8_000));
  }
  if (random.chance(0.1)) rig.chat.say("!sessions");
  if (random.chance(0.1)) {
    rig.socket.lost();
    rig.chat.down = true;
    await rig.clock.advance(20_000);
    rig.chat.down = false;
    rig.socket.live();
  }
  if (minute % 5 === 4) {
    const { session } = await rig.open();
    await rig.host.turn(session.id, { text: "a short life" });
    await rig.clock.advance(5_000);
    rig.bridge.event({ type: "session-deleted", sessionId: session.id });
  }
  await rig.clock.advance(MINUTE_MS / 2);
  return said;
}
