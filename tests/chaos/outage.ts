import { type Conversation, converse } from "../support/conversation.ts";
import { startWorld, storedAnswers } from "../support/world.ts";
import type { Scenario, Setting } from "./scenario.ts";
import { simulatedOutage } from "./simulated-outage.ts";

const THREADS = 6;
/** All that was said while Mattermost was away is there so soon after it is back. */
const THERE_WITHIN_MS = 10_000;

/**
 * Mattermost goes away while sessions stream. Once for real, with OpenCode; once for ten minutes of simulated time, in which
 * more turns end than are held in memory.
 */
export const outage: Scenario = {
  name: "outage",
  async run(setting) {
    const real = await realOutage(setting);
    const simulated = await simulatedOutage(setting);
    return {
      sent: real.sent + simulated.sent,
      lost: [...real.lost, ...simulated.lost],
      doubled: [...real.doubled, ...simulated.doubled],
      crossed: [...real.crossed, ...simulated.crossed],
      silent: [...real.silent, ...simulated.silent],
    };
  },
};

async function realOutage({ size, note }: Setting) {
  const awayMs = size === "short" ? 10_000 : 60_000;
  const world = await startWorld();
  try {
    const words = Array.from({ length: Math.ceil(awayMs / 150) }, (_, at) => ` word${at}`);
    world.model.otherwise(({ userText }) => [
      { text: `So: ${userText}` },
      ...words.flatMap((text) => [{ pauseMs: 80 }, { text }]),
      { text: ` end of ${userText}` },
    ]);
    const opencode = await world.opencode();
    const talks: Conversation[] = [];
    for (let at = 0; at < THREADS; at++)
      talks.push(await converse(world, opencode, `stream-${at}`));
    await Promise.all(talks.map((talk, at) => talk.say(`stream ${at}`)));
    await Promise.all(talks.map((talk, at) => talk.reply(new RegExp(`So: stream ${at}`))));
    note(`${THREADS} sessions stream; Mattermost is away for ${awayMs / 1000} s`);
    world.mattermost.faults.leave();
    // Typed in OpenCode while Mattermost is away: a turn that it sees nothing of.
    await Promise.all(talks.map((talk, at) => talk.typeInTerminal(`meanwhile ${at}`)));
    await Bun.sleep(awayMs);
    world.mattermost.faults.comeBack();
    return await judge(talks, note);
  } finally {
    await world.stop();
  }
}

async function judge(talks: readonly Conversation[], note: Setting["note"]) {
  const backMs = Date.now();
  const lacking = async (): Promise<readonly string[]> =>
    (
      await Promise.all(
        talks.map(async (talk) => {
          const stored = await storedAnswers(talk.client, talk.sessionId);
          const shown = talk.replies().map(({ message }) => message);
          return stored
            .filter((text) => text !== "" && !shown.some((message) => message.includes(text)))
            .map((text) => `${talk.directory.split("/").at(-1)}: …${text.slice(-40)}`);
        }),
      )
    ).flat();
  const isOver = async (): Promise<boolean> =>
    (await Promise.all(talks.map((talk) => storedAnswers(talk.client, talk.sessionId)))).every(
      (texts) => texts.length >= 2 && texts.every((text) => / end of /.test(text)),
    );
  let overMs: number | undefined;
  let lost = await lacking();
  while (lost.length > 0 || overMs === undefined) {
    if (overMs === undefined && (await isOver())) overMs = Date.now();
    if (Date.now() - Math.max(backMs, overMs ?? Date.now()) > THERE_WITHIN_MS) break;
    await Bun.sleep(100);
    lost = await lacking();
  }
  note(`all there ${((Date.now() - backMs) / 1000).toFixed(1)} s after the return`);
  const doubled = talks.flatMap((talk) =>
    ["stream", "meanwhile"].flatMap((kind) => {
      const holders = talk.replies().filter(({ message }) => message.includes(`So: ${kind}`));
      return holders.length > 1 ? [`${kind} ${holders.length} times in ${talk.rootId}`] : [];
    }),
  );
  const crossed = talks.flatMap((talk, at) =>
    talk
      .replies()
      .filter(({ message }) => new RegExp(`So: \\w+ (?!${at}\\b)\\d`).test(message))
      .map(({ message }) => `in ${talk.rootId}: ${message.slice(0, 80)}`),
  );
  return {
    sent: talks.length * 2,
    lost: lost.map((what) => `not there ${THERE_WITHIN_MS / 1000} s after the return: ${what}`),
    doubled,
    crossed,
    silent: [],
  };
}
