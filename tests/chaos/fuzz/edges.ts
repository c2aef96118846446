import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { WirePost } from "../../../src/clients/mattermost/mattermost-wire.ts";
import { postsAfter } from "../../../src/clients/mattermost/posts-after.ts";
import { messageOf } from "../../../src/errors.ts";
import { mayPost } from "../../../src/models/gate.ts";
import { asChannelId, asPostId, asUserId } from "../../../src/models/ids.ts";
import { createRedactor } from "../../../src/models/redaction.ts";
import { createKillSwitch } from "../../../src/persistence/kill-switch.ts";
import { createKnownOwner } from "../../../src/persistence/known-owner.ts";
import { createPairingStore } from "../../../src/persistence/pairing-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import type { Random } from "../random.ts";
import { mutated, oddText } from "./mutate.ts";

const TOKEN = "q8wz3rt5yu7io9pa2sd4fg6hjk";
const OWNER = "aliceaaaaaaaaaaaaaaaaaaaaa";
const GATE = { me: asUserId("bot"), owner: asUserId(OWNER), channelId: asChannelId("dm") };
const POST = { id: "p", channel_id: "dm", user_id: OWNER, message: "hi", create_at: 1, props: {} };
const ENCODED = [
  (text: string) => text,
  (text: string) => text.replace(/[a-z]/g, "\\$&"),
  (text: string) => text.replace(/\d/g, (digit) => `%3${digit}`),
  (text: string) => text.replace(/\d/g, (digit) => `\\u003${digit}`),
  (text: string) => text.replace(/\d/g, (digit) => `&#x3${digit};`),
  (text: string) => text.replace(/\d/g, "$&\u200b"),
] as const;

/** Where the bridge ends, everything is against it: nothing of the token passes, nobody else is let in, nothing grows. */
export async function fuzzEdges(count: number, random: Random): Promise<readonly string[]> {
  const wrong: string[] = [];
  const check = async (what: string, problem: () => Promise<string | undefined>): Promise<void> => {
    const found = await problem().catch((error) => `it threw: ${messageOf(error)}`);
    if (found !== undefined) wrong.push(`${what}: ${found.slice(0, 200)}`);
  };
  for (let at = 0; at < count; at++) {
    await check("the token", async () => leakIn(random));
    await check("props", async () => intruderIn(random));
    await check("pages", () => endlessPages(random));
    // Files cost more than they find.
    if (at % 10 === 0) await check("a file of the state folder", async () => trustIn(random));
  }
  return wrong;
}

/** Random text with pieces of the token in it, each written in one way or another. */
function leakIn(random: Random): string | undefined {
  const parts = Array.from({ length: random.between(1, 6) }, () => {
    if (random.chance(0.5)) return oddText(random);
    const from = random.between(0, TOKEN.length);
    return random.pick(ENCODED)(TOKEN.slice(from, random.between(from, TOKEN.length)));
  });
  const cleared = createRedactor([TOKEN]).text(parts.join(random.pick(["", " ", "\n"])));
  for (let at = 0; at + 8 <= TOKEN.length; at++) {
    const piece = TOKEN.slice(at, at + 8);
    if (ENCODED.some((encoded) => cleared.includes(encoded(piece)))) return cleared;
  }
  return undefined;
}

/** Whatever is wrong with a post's props: unless they can be read and say nothing, no person wrote it. */
function intruderIn(random: Random): string | undefined {
  const props = mutated({ from_webhook: "true", override_username: "alice" }, random);
  const post = WirePost.safeParse({ ...POST, props });
  if (!post.success || !mayPost(GATE, post.data)) return undefined;
  const isPlain = props === null || (typeof props === "object" && !Array.isArray(props));
  const names = isPlain ? Object.keys(Object(props)) : [];
  return isPlain && !names.includes("from_webhook") ? undefined : JSON.stringify(props);
}

/** A server that never runs out of pages, or sends the same ones. */
async function endlessPages(random: Random): Promise<string | undefined> {
  let pages = 0;
  const repeats = random.chance(0.5);
  const size = random.pick([0, 1, 50]);
  const found = await postsAfter(
    asPostId("p0"),
    async () => {
      const from = repeats ? 0 : pages * size;
      pages++;
      const listed = Array.from({ length: size }, (_, at) => ({
        ...WirePost.parse({ ...POST, create_at: from + at }),
        id: asPostId(`p${from + at}`),
      }));
      return { listed, count: random.chance(0.9) ? 200 : size };
    },
    async () => random.chance(0.5),
  );
  if (pages > 105) return `${pages} pages were asked for`;
  return found.length > 20_000 ? `${found.length} posts were kept` : undefined;
}

/** A file that says nothing, or something else, makes nobody the owner and unlocks nothing. */
function trustIn(random: Random): string | undefined {
  using folder = temporaryFolder();
  const put = (name: string, good: string): string => {
    const text = mutated(good, random);
    const path = join(folder.path, name);
    writeFileSync(path, typeof text === "string" ? text : (JSON.stringify(text) ?? ""));
    return path;
  };
  const locked = createKillSwitch(put("locked", "on 1000 1000"));
  if (!locked.isOn()) return "a lock file that was spoilt unlocks";
  const pairing = createPairingStore(put("pairing", JSON.stringify({ owner: OWNER })));
  pairing.open();
  if (typeof pairing.owner() === "object") return "an owner that is no id";
  try {
    const id = createKnownOwner(put("owner", OWNER)).id();
    return id === undefined || /^[a-z0-9]+$/.test(id.toString()) ? undefined : `the owner is ${id}`;
  } catch {
    return undefined;
  }
}
