import { createRig } from "../support/rig.ts";
import type { Result, Setting } from "./scenario.ts";

const AWAY_MS = 600_000;
const TURNS_BEFORE = 3;
/** More than are held in memory while nothing can be posted. */
const TURNS_MEANWHILE = 60;
const BACK_WITHIN_MS = 10_000;

/** Ten minutes without Mattermost, in which one session finishes more turns than its thread keeps in memory. */
export async function simulatedOutage({ note }: Setting): Promise<Result> {
  const rig = await createRig();
  const { session, rootId } = await rig.open();
  const other = await rig.open();
  const run = (name: string) => rig.host.turn(session.id, { text: `${name}.` });
  for (let at = 0; at < TURNS_BEFORE; at++) await run(`before ${at}`);
  await rig.clock.advance(10_000);
  rig.chat.down = true;
  rig.socket.lost();
  for (let at = 0; at < TURNS_MEANWHILE; at++) {
    await run(`meanwhile ${at}`);
    await rig.clock.advance(AWAY_MS / TURNS_MEANWHILE);
  }
  rig.chat.down = false;
  rig.socket.live();
  await rig.clock.advance(BACK_WITHIN_MS);
  const answers = () =>
    rig.host
      .stored(session.id)
      .flatMap(({ role, parts }) => (role === "assistant" ? parts : []))
      .flatMap((part) => (part.kind === "text" ? part.text : []));
  const holdersOf = (text: string) =>
    rig.chat.posts().filter((post) => post.rootId === rootId && post.message.includes(text));
  const lost = answers()
    .filter((text) => holdersOf(text).length === 0)
    .map((text) => `not there ${BACK_WITHIN_MS / 1000} s after the return: ${text}`);
  await run("afterwards");
  await rig.clock.advance(20_000);

  const posts = rig.chat.posts();
  const doubled: string[] = [];
  const texts = answers();
  for (const text of texts) {
    const holders = holdersOf(text);
    if (holders.length === 0) lost.push(`after ten minutes away: ${text}`);
    if (holders.length > 1) doubled.push(`after ten minutes away: ${text} ${holders.length} times`);
  }
  const crossed = posts
    .filter((post) => post.rootId === other.rootId)
    .map((post) => `in a thread where nothing happened: ${post.message}`);
  note(`simulated: ${texts.length} turns, ${texts.length - lost.length} of them in the thread`);
  await rig.stop();
  return { sent: texts.length, lost, doubled, crossed, silent: [...rig.errors] };
}
