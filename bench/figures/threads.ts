import { newSession, startWorld } from "../../tests/support/world.ts";
import type { Result } from "../figure.ts";
import { inTurns, repeat, timed } from "../timed.ts";

const ROUNDS = 20;
/** Sessions that come one after the other, faster than anybody begins them, do not wait for each other's requests. */
const QUICK = { requestsPerSecond: 100, requestBurst: 200 } as const;

/** From a new session to its thread, and what the plugin adds to opening a directory. */
export async function threads(): Promise<Result> {
  const world = await startWorld();
  try {
    const plain = await world.opencode({ withoutPlugin: true });
    const bridged = await world.opencode({ pluginOptions: QUICK });
    const client = bridged.client(await bridged.newDirectory("sessions"));
    await world.rootOf(await newSession(client));
    const sizes = await repeat(ROUNDS, async () => {
      const created = performance.now();
      const id = await newSession(client);
      const isThere = performance.now();
      await world.rootOf(id);
      return { createMs: isThere - created, visibleMs: performance.now() - isThere };
    });
    const owner = world.mattermost.as("alice");
    const post = await repeat(ROUNDS, (round) => timed(() => owner.post(`a post, ${round}`)));
    const onePost = post.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
    const opens = (opencode: typeof plain) => async (round: number) => {
      const directory = opencode.client(await opencode.newDirectory(`opened-${round}`));
      return timed(() => newSession(directory));
    };
    const [with_, without] = await inTurns(ROUNDS / 2, opens(bridged), opens(plain));
    return {
      figures: [
        {
          name: "session there → thread visible, beyond one post",
          unit: "ms",
          samples: sizes.map(({ visibleMs }) => visibleMs - onePost),
          goal: { of: "median", atMost: 30 },
        },
        { name: "one post", unit: "ms", samples: post },
        { name: "session created", unit: "ms", samples: sizes.map(({ createMs }) => createMs) },
        { name: "directory opened, with the bridge", unit: "ms", samples: with_ },
        { name: "directory opened, OpenCode alone", unit: "ms", samples: without },
        {
          name: "what the plugin adds to opening a directory",
          unit: "ms",
          samples: with_.map((ms, round) => ms - (without[round] ?? 0)),
        },
      ],
    };
  } finally {
    await world.stop();
  }
}
