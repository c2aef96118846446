import { bash } from "../../tests/support/conversation.ts";
import type { HostProcess } from "../../tests/support/hosts/host.ts";
import { newSession, startWorld } from "../../tests/support/world.ts";
import { type Figure, type Result, ratios } from "../figure.ts";
import { inTurns, timed } from "../timed.ts";

const ROUNDS = 20;
const WARM = 3;
const GOAL = { of: "median", atMost: 1.03 } as const;
/** Every answer of Mattermost comes so late. */
const SLOW_MS = 2_000;

/** A turn with five commands, whatever Mattermost does meanwhile. */
export async function tools(): Promise<Result> {
  const world = await startWorld();
  world.model.on("tools", (_, step) => (step < 5 ? [bash("echo hi")] : [{ text: "done" }]));
  try {
    const plain = await world.opencode({ withoutPlugin: true });
    const figures: Figure[] = [];
    const measure = async (name: string, bridged: HostProcess): Promise<void> => {
      const [one, other] = [await turnsOf(bridged), await turnsOf(plain)];
      await inTurns(WARM, one, other);
      const [withBridge, alone] = await inTurns(ROUNDS, one, other);
      figures.push({ name, unit: "×", samples: ratios(withBridge, alone), goal: GOAL });
    };
    await measure("turn with five commands, Mattermost healthy", await world.opencode());
    const slow = world.mattermost.faults.delay(SLOW_MS, { user: "opencode" });
    await measure("turn with five commands, Mattermost slow", await world.opencode());
    slow.clear();
    world.mattermost.faults.hang({ user: "opencode" });
    await measure("turn with five commands, Mattermost hanging", await world.opencode());
    return { figures };
  } finally {
    await world.stop();
  }
}

/** In one session: what its thread costs at the beginning is measured elsewhere. */
async function turnsOf(opencode: HostProcess) {
  const client = opencode.client(await opencode.newDirectory("tools"));
  const session = await newSession(client);
  return (round: number): Promise<number> => timed(() => client.prompt(session, `tools ${round}`));
}
