import type { StandInUser } from "../../src/playground/stand-in/stand-in.ts";
import { converse } from "../support/conversation.ts";
import { startWorld, type World } from "../support/world.ts";
import { createRandom, type Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";

interface Scene {
  readonly world: World;
  readonly random: Random;
  /** The owner's thread, and a post of the bot in it. */
  readonly rootId: string;
  readonly answerId: string;
  readonly dm: string;
  readonly group: string;
  readonly alice: StandInUser;
  readonly mallory: StandInUser;
  readonly helper: StandInUser;
  /** A thread in mallory's own direct channel with the bot. */
  readonly malloryRootId: string;
}

type Attempt = (scene: Scene, words: string) => Promise<unknown>;

type Forged = Readonly<Record<string, string>>;

const FORGED: readonly [Forged, ...Forged[]] = [
  { from_webhook: "true", override_username: "alice" },
  { from_webhook: "true", webhook_display_name: "alice" },
  { from_bot: "true" },
  { from_plugin: "true" },
  { from_oauth_app: "yes" },
  { unreadable_props: "yes" },
];
const MARKS = [
  "octagonal_sign",
  "white_check_mark",
  "unlock",
  "x",
  "repeat",
  "arrow_forward",
] as const;

/** What others than the owner do, or what only looks like the owner. Mattermost itself refuses some of it. */
const ATTEMPTS: readonly [Attempt, ...Attempt[]] = [
  ({ mallory }, words) => mallory.post(words),
  ({ mallory, malloryRootId }, words) => mallory.post(words, { rootId: malloryRootId }),
  ({ mallory, dm, rootId }, words) => mallory.post(words, { channelId: dm, rootId }),
  ({ mallory, group }, words) => mallory.post(words, { channelId: group }),
  ({ alice, group }, words) => alice.post(words, { channelId: group }),
  ({ helper }, words) => helper.post(words),
  ({ helper, dm, rootId }, words) => helper.post(words, { channelId: dm, rootId }),
  ({ helper, group }, words) => helper.post(words, { channelId: group, props: FORGED[0] }),
  ({ alice, rootId, random }, words) => alice.post(words, { rootId, props: random.pick(FORGED) }),
  ({ alice, random }, words) => alice.post(words, { props: random.pick(FORGED) }),
  ({ mallory, answerId, random }) => mallory.react(answerId, random.pick(MARKS)),
  ({ mallory, rootId, random }) => mallory.react(rootId, random.pick(MARKS)),
  ({ helper, answerId, random }) => helper.react(answerId, random.pick(MARKS)),
  // The owner was paired, or named, long ago.
  ({ mallory }) => mallory.post("!pair AAAAAAAA"),
];

const WORDS = [
  "!pair",
  "!unlock",
  "!stop",
  "!lock",
  "!sessions",
  "!yes",
  "!resume",
  "!help",
  "please",
] as const;

/** Whoever is not the owner, and wherever it is not the owner's channel: nothing happens to any session. */
export const strangers: Scenario = {
  name: "strangers",
  async run({ size, seed, note }) {
    const random = createRandom(seed);
    const world = await startWorld();
    const crossed: string[] = [];
    const silent: string[] = [];
    const count = size === "short" ? 150 : 1_000;
    try {
      const { token } = world.mattermost.bot;
      const pieces = token.match(/.{1,5}/g)?.map((text) => ({ text })) ?? [];
      world.model.on("hold on", [
        [{ text: "held " }, ...pieces, { gate: "end" }, { text: ` to the end ${token}.` }],
      ]);
      const scene = await setUp(world, random);
      const { mattermost, model, rootId } = { ...scene, ...world };
      await world.say(rootId, "hold on");
      await world.reply(rootId, /held/);
      takeName(world);
      const before = mattermost.posts({ userId: mattermost.bot.id }).map(({ id }) => id);
      let refused = 0;
      for (let number = 1; number <= count; number++) {
        const words = `${random.pick(WORDS)} intrusion-${number}`;
        await random
          .pick(ATTEMPTS)(scene, words)
          .catch(() => refused++);
      }
      note(`${count} attempts, ${refused} of them refused by Mattermost itself`);
      model.release("end");
      if (!(await isAnswered(world, rootId, /^✅[\s\S]*held … to the end …\.$/))) {
        silent.push("the owner's turn did not end well");
      }
      await world.say(rootId, "the owner again");
      if (!(await isAnswered(world, rootId, /answer to: the owner again/))) {
        silent.push("the owner is not answered any more");
      }
      const written = mattermost.posts({ userId: mattermost.bot.id, includeDeleted: true });
      const leaks = written.filter((post) => JSON.stringify(post).includes(token.slice(0, 8)));
      for (const { id } of leaks) crossed.push(`the bot's token stands in a version of ${id}`);
      const added = written.filter((post) => !before.includes(post.id) && post.originalId === "");
      for (const post of added) {
        const isOwn =
          post.rootId === rootId && /held|answer to: the owner again/.test(post.message);
        if (!isOwn) crossed.push(`the bot wrote: ${post.message.slice(0, 100)}`);
      }
      for (const { userText } of model.calls()) {
        if (userText.includes("intrusion")) crossed.push(`the model was asked: ${userText}`);
      }
      return { sent: count, lost: [], doubled: [], crossed, silent };
    } finally {
      await world.stop();
    }
  },
};

/** From now on mallory is called as the owner was. */
function takeName({ mattermost }: World): void {
  const [alice, mallory] = [mattermost.users["alice"], mattermost.users["mallory"]];
  if (!alice || !mallory) throw new Error("There is no alice or no mallory.");
  mattermost.rename(alice.id, "alicia");
  mattermost.rename(mallory.id, "alice");
}

const isAnswered = (world: World, rootId: string, pattern: RegExp): Promise<boolean> =>
  world.reply(rootId, pattern).then(
    () => true,
    () => false,
  );

async function setUp(world: World, random: Random): Promise<Scene> {
  const { mattermost } = world;
  mattermost.addUser("helper-bot", "bot");
  const [alice, mallory, helper] = ["alice", "mallory", "helper-bot"].map(mattermost.as) as [
    StandInUser,
    StandInUser,
    StandInUser,
  ];
  const members = [alice, mallory, helper].map(({ account }) => account.id);
  const group = await alice.call("POST", "/channels/group", [...members, mattermost.bot.id]);
  const opencode = await world.opencode();
  const { rootId } = await converse(world, opencode, "guarded");
  await world.say(rootId, "begin");
  const { id: answerId } = await world.answered(rootId);
  return {
    world,
    random,
    rootId,
    answerId,
    dm: await alice.dm(),
    group: String(Object(group).id),
    alice,
    mallory,
    helper,
    malloryRootId: await mallory.post("my own thread"),
  };
}
