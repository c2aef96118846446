import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { HostProcess } from "../../tests/support/hosts/host.ts";
import { mappingsPath, newSession, startWorld, type World } from "../../tests/support/world.ts";
import { type Figure, type Result, ratios } from "../figure.ts";
import { idleBeyond, untilQuiet } from "../idle.ts";
import { inTurns, repeat, timed } from "../timed.ts";

const ROUNDS = 15;
const MAPPINGS = 1_000;
const STORED = [10, 100, 1_000];
/** OpenCode does something of its own after its start. */
const SETTLES_MS = 5_000;

const fileSchema = z.looseObject({ threads: z.array(z.looseObject({ sessionId: z.string() })) });

/** What a history costs: many known threads, many stored sessions. */
export async function stored(): Promise<Result> {
  return { figures: [...(await ofMappings()), ...(await ofStoredSessions())] };
}

async function ofMappings(): Promise<readonly Figure[]> {
  const world = await startWorld();
  try {
    const few = await world.opencode();
    const first = few.client(await few.newDirectory("mapped"));
    await world.rootOf(await newSession(first));
    const old = await world.opencode();
    const second = old.client(await old.newDirectory("mapped"));
    await world.rootOf(await newSession(second));
    await old.kill();
    fillMappings(old.home);
    const many = await world.opencode({ home: old.home });
    const turns = [await turnsIn(world, many), await turnsIn(world, few)] as const;
    const [atMany, atOne] = await inTurns(ROUNDS, ...turns);
    const asked = await repeat(ROUNDS, async () => {
      const before = world.mainReplies().length;
      return timed(async () => {
        await world.sayInMain("!sessions all");
        await world.mattermost.until("the list", () => world.mainReplies().length > before);
      });
    });
    return [
      {
        name: `a turn by reply with ${MAPPINGS} known threads, beside one with few`,
        unit: "×",
        samples: ratios(atMany, atOne),
        goal: { of: "median", atMost: 1.1 },
      },
      { name: `!sessions all with ${MAPPINGS} known threads → answer`, unit: "ms", samples: asked },
    ];
  } finally {
    await world.stop();
  }
}

/** As if a thousand sessions had been there before. */
function fillMappings(home: string): void {
  const path = mappingsPath(home);
  const file = fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const [model] = file.threads;
  if (!model) throw new Error(`There is no mapping in ${path}.`);
  const more = Array.from({ length: MAPPINGS }, (_, at) => {
    const number = String(at).padStart(4, "0");
    const { owner: _owner, claims: _claims, ...rest } = model;
    const ids = {
      sessionId: `ses_${number}old${number}`,
      rootPostId: `oldrootpost${number}`.padEnd(26, "x"),
    };
    return { ...rest, ...ids, title: `Old work ${number}`, status: "ended" };
  });
  writeFileSync(path, JSON.stringify({ ...file, threads: [...more, ...file.threads] }));
}

async function turnsIn(world: World, opencode: HostProcess) {
  const client = opencode.client(await opencode.newDirectory("turns"));
  const root = await world.rootOf(await newSession(client));
  await world.say(root.id, "warm");
  await world.answered(root.id, "warm");
  return (round: number): Promise<number> =>
    timed(async () => {
      await world.say(root.id, `turn ${round}.`);
      await world.answered(root.id, `turn ${round}.`);
    });
}

/** The list of sessions is looked through again and again. */
async function ofStoredSessions(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const count of STORED) {
    const world = await startWorld();
    try {
      const maker = await world.opencode({ withoutPlugin: true });
      const client = maker.client(await maker.newDirectory("stored"));
      for (let at = 0; at < count; at++) await newSession(client);
      await maker.kill();
      const resting = async (withoutPlugin: boolean): Promise<HostProcess> => {
        const opencode = await world.opencode({ home: maker.home, withoutPlugin });
        await opencode.client(await opencode.newDirectory("stored")).open();
        return opencode;
      };
      const both = [await resting(false), await resting(true)] as const;
      await Bun.sleep(SETTLES_MS);
      await untilQuiet(world);
      figures.push({
        name: `processor of a process that rests over ${count} stored sessions, beyond OpenCode alone`,
        unit: "%",
        samples: await idleBeyond(...both),
        goal: { of: "median", atMost: 1 },
      });
    } finally {
      await world.stop();
    }
  }
  return figures;
}
