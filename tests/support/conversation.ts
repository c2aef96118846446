import type { ModelCall } from "../../src/playground/model/scripted-model.ts";
import type { StandInPost } from "../../src/playground/stand-in/stand-in.ts";
import { HOST } from "./hosts/chosen.ts";
import type { HostClient, HostProcess } from "./hosts/host.ts";
import { newSession, prompt, startWorldOn, type World } from "./world.ts";

/** Enough requests for a test that does in a second what a person does in a minute. */
const QUICK = { requestsPerSecond: 100, requestBurst: 200 } as const;

type Options = NonNullable<Parameters<World["opencode"]>[0]>;

interface Installation<P extends HostProcess> {
  readonly world: World<P>;
  readonly opencode: P;
}

/** A world with one OpenCode that has answered once in these projects: what loads slowly at first is loaded. */
export const startInstallation = (
  projects: readonly string[],
  options?: Options,
): Promise<Installation<HostProcess>> => startInstallationOn(HOST, projects, options);

export async function startInstallationOn<P extends HostProcess>(
  host: Parameters<typeof startWorldOn<P>>[0],
  projects: readonly string[],
  options: Options = {},
): Promise<Installation<P>> {
  const world = await startWorldOn(host);
  const pluginOptions = { ...QUICK, ...options.pluginOptions };
  const opencode = await world.opencode({ ...options, pluginOptions });
  for (const project of projects) {
    const client = opencode.client(await opencode.newDirectory(project));
    await prompt(client, await newSession(client), "Good morning.");
  }
  return { world, opencode };
}

/** One session and its thread, as the owner uses it. */
export interface Conversation {
  readonly client: HostClient;
  readonly directory: string;
  readonly sessionId: string;
  readonly rootId: string;
  /** The owner writes in the thread; resolves with the post's id. */
  say(text: string, files?: readonly AttachedFile[]): Promise<string>;
  /** A prompt that does not come from the thread; resolves when OpenCode has taken it. */
  typeInTerminal(text: string): Promise<void>;
  react(postId: string, emoji: string): Promise<void>;
  unreact(postId: string, emoji: string): Promise<void>;
  replies(): readonly StandInPost[];
  reply(pattern: RegExp): Promise<StandInPost>;
  /** Waits until the bot's marks under the post are exactly these. */
  marked(postId: string, emojis: readonly string[]): Promise<void>;
  /** Waits until the card shows the state that begins its first line. */
  card(mark: string): Promise<StandInPost>;
  /** Waits until the session is idle and no post says that anything goes on or waits. */
  atRest(): Promise<void>;
  /** Everything that the owner has done so far in the thread has been dealt with when this resolves. */
  caughtUp(): Promise<void>;
  /** The model's turns for this session, oldest first. */
  calls(): readonly ModelCall[];
}

export interface AttachedFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
}

/** A new session in a directory of this name, and its thread. */
export async function converse(
  world: World,
  opencode: HostProcess,
  project: string,
): Promise<Conversation> {
  const { mattermost } = world;
  const { bot } = mattermost;
  const owner = mattermost.as("alice");
  const directory = await opencode.newDirectory(project);
  const client = opencode.client(directory);
  const sessionId = await newSession(client);
  const { id: rootId } = await world.rootOf(sessionId);
  await mattermost.until("the bot's socket", () => mattermost.sockets().includes(bot.username));
  return {
    client,
    directory,
    sessionId,
    rootId,
    async say(text, files = []) {
      const fileIds: string[] = [];
      for (const { name, bytes } of files) fileIds.push(await owner.upload(name, bytes));
      return owner.post(text, { rootId, fileIds });
    },
    typeInTerminal: (text) => client.send(sessionId, text),
    react: (postId, emoji) => owner.react(postId, emoji),
    unreact: (postId, emoji) => owner.unreact(postId, emoji),
    replies: () => world.replies(rootId),
    reply: (pattern) => world.reply(rootId, pattern),
    async marked(postId, emojis) {
      const wanted = [...emojis].sort().join(" ");
      await mattermost.until(`the marks ${wanted || "to go"} under ${postId}`, () => {
        return marksOf(world, postId).sort().join(" ") === wanted;
      });
    },
    card: (mark) => world.becomes(rootId, new RegExp(`^${mark}`)),
    async atRest() {
      await world.becomes(rootId, /^🟢/);
      await mattermost.until("every post to be settled", () =>
        world.replies(rootId).every(({ message }) => !/^(?:⏳|✋|📥|🔁|❓)/.test(message)),
      );
    },
    async caughtUp() {
      const seen = world.replies(rootId).length;
      await owner.post("!help", { rootId });
      await mattermost.until("the help that comes after all before it", () =>
        world.replies(rootId).slice(seen).some(isHelp),
      );
    },
    calls: () => world.callsOf(sessionId),
  };
}

const isHelp = ({ message }: StandInPost): boolean => message.startsWith("**In this thread**");

/** The bot's own reactions under a post. */
export const marksOf = ({ mattermost }: World, postId: string): string[] =>
  mattermost
    .reactions(postId)
    .flatMap(({ userId, emoji }) => (userId === mattermost.bot.id ? [emoji] : []));

/** What a post of the bot is for, as the bridge wrote it into its props. */
export function keyOf({ props }: StandInPost): string {
  const { key } = Object(props["opencode_mattermost"]);
  return typeof key === "string" ? key : "";
}

/** OpenCode's id of the request that a post asks about. */
export const requestIdOf = (post: StandInPost): string => keyOf(post).split("/")[1] ?? "";

export const firstLine = ({ message }: Pick<StandInPost, "message">): string =>
  message.split("\n")[0] ?? "";

/** What tools gave back to the model, in the newest call. */
export const toolResults = (calls: readonly ModelCall[]): readonly string[] =>
  calls
    .at(-1)
    ?.messages.filter(({ role }) => role === "tool")
    .map(({ text }) => text) ?? [];

export const bash = (command: string) => ({
  tool: HOST.shell,
  args: { command, description: "Run it" },
});

/** Where a text names the tool that runs commands `bash`: the same in the words of the OpenCode that is tested. */
export const named = (pattern: RegExp): RegExp =>
  new RegExp(pattern.source.replaceAll("bash", HOST.shell), pattern.flags);
