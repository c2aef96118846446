import type { HostProcess } from "../../tests/support/hosts/host.ts";
import { newSession, startWorld, type World } from "../../tests/support/world.ts";
import { type Figure, type Result, ratios } from "../figure.ts";
import { inTurns, repeat, timed } from "../timed.ts";
import { openViewer } from "../viewer.ts";

const ROUNDS = 40;
const WARM = 5;

/** From a prompt to the model's call: a reply in the thread beside OpenCode's own API without the bridge. */
export async function replies(): Promise<Result> {
  const world = await startWorld();
  try {
    const plain = await world.opencode({ withoutPlugin: true });
    const bridged = await world.opencode();
    const alone = await byApi(world, plain, "alone");
    const loaded = await byApi(world, bridged, "loaded");
    const reply = await byReply(world, bridged);
    await repeat(WARM, async (round) => {
      await alone(-round - 1);
      await loaded(-round - 1);
      await reply(-round - 1);
    });
    const [replied, direct] = await inTurns(ROUNDS, reply, alone);
    const [withBridge, without] = await inTurns(ROUNDS, loaded, (round) => alone(ROUNDS + round));
    const push = await postAndPush(world);
    const beyondPush = replied.map((ms, round) => ms - (push[round] ?? 0));
    const ofReply = ratios(beyondPush, direct);
    const figures: Figure[] = [
      { name: "prompt → model, OpenCode alone", unit: "ms", samples: direct },
      { name: "reply → model", unit: "ms", samples: replied },
      { name: "post → pushed to a client, by the server alone", unit: "ms", samples: push },
      {
        name: "reply → model, without the server's own part, beside OpenCode alone",
        unit: "×",
        samples: ofReply,
        goal: { of: "median", atMost: 1.25 },
      },
      {
        name: "prompt through the API with the bridge loaded, beside OpenCode alone",
        unit: "×",
        samples: ratios(withBridge, without),
      },
    ];
    return { figures };
  } finally {
    await world.stop();
  }
}

const called = (world: World, text: string) =>
  world.model.until(`the model is asked "${text}"`, () =>
    world.model.calls().some((call) => call.userText === text),
  );

/** The last answer is whole before the next prompt. */
async function byApi(world: World, opencode: HostProcess, name: string) {
  const client = opencode.client(await opencode.newDirectory(name));
  const session = await newSession(client);
  return async (round: number): Promise<number> => {
    const text = `${name} ${round}`;
    const spent = await timed(async () => {
      await client.send(session, text);
      await called(world, text);
    });
    await settled(client, session, text);
    return spent;
  };
}

async function byReply(world: World, opencode: HostProcess) {
  const client = opencode.client(await opencode.newDirectory("replies"));
  const root = await world.rootOf(await newSession(client));
  return async (round: number): Promise<number> => {
    const text = `reply ${round}`;
    const spent = await timed(async () => {
      await world.say(root.id, text);
      await called(world, text);
    });
    await world.answered(root.id, text);
    return spent;
  };
}

async function settled(
  client: ReturnType<HostProcess["client"]>,
  session: string,
  text: string,
): Promise<void> {
  for (;;) {
    const messages = await client.messages(session);
    const asked = messages.find((message) => message.role === "user" && message.text === text);
    if (asked && messages.some(({ parentId, finished }) => parentId === asked.id && finished))
      return;
    await Bun.sleep(5);
  }
}

/** What the server itself takes, from the request to the frame at another client. */
async function postAndPush(world: World): Promise<readonly number[]> {
  const viewer = await openViewer(world.mattermost, /pushed-\d+/g);
  const mallory = world.mattermost.as("mallory");
  const channel = await mallory.call("POST", "/channels/direct", [
    world.mattermost.users["mallory"]?.id,
    world.mattermost.users["alice"]?.id,
  ]);
  const { id: channelId }: { id?: string } = Object(channel);
  try {
    return await repeat(ROUNDS, (round) =>
      timed(async () => {
        await mallory.post(`pushed-${round}`, channelId === undefined ? {} : { channelId });
        while (viewer.seenAt(`pushed-${round}`) === undefined) await Bun.sleep(0);
      }),
    );
  } finally {
    viewer.stop();
  }
}
