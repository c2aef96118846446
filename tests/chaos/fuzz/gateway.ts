import { readFrame } from "../../../src/clients/mattermost/socket-frames.ts";
import { parseHostEvent } from "../../../src/clients/opencode/opencode-events.ts";
import { messageOf } from "../../../src/errors.ts";
import type { Post } from "../../../src/models/chat.ts";
import type { SessionInfo } from "../../../src/models/host-event.ts";
import type { PostId } from "../../../src/models/ids.ts";
import { readPostMark } from "../../../src/models/post-mark.ts";
import { visibleText } from "../../../src/render/markdown/visible-text.ts";
import { readersOfPictures } from "../../support/markdown-readers.ts";
import { createRig, type Rig } from "../../support/rig.ts";
import { inMegabytes, usedBytes } from "../memory.ts";
import type { Random } from "../random.ts";
import { mutated } from "./mutate.ts";
import { command, FRAMES, HOST_EVENTS } from "./samples.ts";

const MAY_GROW_BYTES = 10 * 1024 * 1024;

interface Talk {
  readonly session: SessionInfo;
  readonly rootId: PostId;
}

/** Malformed things from both sides at a whole bridge, between things that are right. */
export async function fuzzGateway(
  count: number,
  random: Random,
): Promise<{ readonly crossed: readonly string[]; readonly silent: readonly string[] }> {
  const rig = await createRig({ posts: 1_000, messages: 40 });
  const talks: [Talk, ...Talk[]] = [await rig.open(), await rig.open(), await rig.open()];
  const silent: string[] = [];
  let halfBytes = 0;
  for (let at = 0; at < count; at++) {
    if (at === Math.floor(count / 2)) halfBytes = await usedBytes();
    try {
      disturb(rig, talks, random, at);
    } catch (error) {
      silent.push(`the bridge threw: ${messageOf(error)}`);
    }
    if (at % 20 === 0) await rig.clock.advance(3_000);
  }
  await rig.clock.advance(120_000);
  const grown = (await usedBytes()) - halfBytes;
  if (grown > MAY_GROW_BYTES) silent.push(`the heap grew by ${inMegabytes(grown)} while fuzzed`);
  const crossed = misplaced(rig, talks);
  silent.push(...shown(rig));
  for (const [at, { rootId }] of talks.entries()) {
    const asked = rig.chat.say(`still there ${at}?`, rootId);
    await rig.clock.advance(10_000);
    if (!isDealtWith(rig, asked)) silent.push(`thread ${at} does not answer any more`);
  }
  await rig.stop();
  return { crossed, silent: [...silent, ...rig.errors] };
}

/** Posts that load something, or ask for a decision on what is not all seen. */
function shown({ chat }: Rig): readonly string[] {
  return chat
    .posts()
    .filter((post) => post.userId === chat.bot.id)
    .flatMap(({ message, props }) => {
      const asks = /^(?:permission|question)\//.test(readPostMark(props)?.key ?? "");
      const hides = asks && visibleText(message) !== message;
      const wrong = [...readersOfPictures(message), ...(hides ? ["something hidden"] : [])];
      return wrong.map((what) => `${what} in ${JSON.stringify(message.slice(0, 300))}`);
    });
}

/** Answered, refused, or marked: a request that the disturbance left open takes a reply as its answer. */
const isDealtWith = ({ chat }: Rig, { id, message }: Post): boolean =>
  chat
    .posts()
    .some(
      (post) =>
        (post.id === id && post.reactions.length > 0) ||
        post.message.includes(`Answer to ${message}`) ||
        readPostMark(post.props)?.key === `reply/${id}`,
    );

function disturb(rig: Rig, talks: readonly [Talk, ...Talk[]], random: Random, at: number): void {
  const { rootId, session } = random.pick(talks);
  const kind = random.next();
  if (kind < 0.35) {
    const frame = readFrame(JSON.stringify(mutated(withIds(random, rig, rootId), random)) ?? "");
    if (frame.kind === "event" && frame.event) rig.socket.emit(frame.event);
  } else if (kind < 0.7) {
    const raw = JSON.stringify(random.pick(HOST_EVENTS)).replaceAll("ses_1", session.id);
    const event = parseHostEvent(mutated(JSON.parse(raw), random));
    // A session that is deleted is over, and one that is made anew is another one: neither is a disturbance.
    if (event && event.type !== "session-deleted") rig.bridge.event(event);
  } else if (kind < 0.9) {
    const words = random.chance(0.5) ? command(random) : String(mutated(command(random), random));
    rig.chat.say(words.replace(/^\s*!(un)?lock/i, "?"), random.chance(0.8) ? rootId : undefined);
  } else {
    rig.chat.say(`root-${rootId} message ${at}`, rootId);
  }
}

/** A frame about posts that there are, of people that there are. */
function withIds(random: Random, { chat }: Rig, rootId: PostId): unknown {
  const text = JSON.stringify(random.pick(FRAMES))
    .replaceAll("dm000000000000000000000000", chat.dm)
    .replaceAll("alice000000000000000000000", random.chance(0.3) ? chat.owner.id : "stranger")
    .replaceAll(
      '\\"root_id\\":\\"\\"',
      `\\"root_id\\":\\"${random.chance(0.5) ? rootId : "nowhere"}\\"`,
    );
  return JSON.parse(text);
}

/** Posts of the bot in a thread of another session, and answers to what was said elsewhere. */
function misplaced({ chat }: Rig, talks: readonly Talk[]): readonly string[] {
  const homes = new Map(talks.map(({ session, rootId }) => [rootId, session.id]));
  return chat
    .posts()
    .filter((post) => post.userId === chat.bot.id)
    .filter(({ rootId, props, message }) => {
      if (rootId === undefined) return false;
      const session = readPostMark(props)?.session_id;
      const names = [...message.matchAll(/root-(p\d{25})/g)].map((match) => match[1]);
      return (session !== "" && session !== homes.get(rootId)) || names.some((id) => id !== rootId);
    })
    .map(({ rootId, message }) => `in thread ${rootId}: ${message.slice(0, 200)}`);
}
