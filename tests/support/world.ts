import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ModelCall,
  type ScriptedModel,
  startScriptedModel,
} from "../../src/playground/model/scripted-model.ts";
import {
  type StandIn,
  type StandInOptions,
  type StandInPost,
  startStandIn,
} from "../../src/playground/stand-in/stand-in.ts";
import { HOST } from "./hosts/chosen.ts";
import type { HostClient, HostOptions, HostProcess } from "./hosts/host.ts";

/** The plugin as a user installs it: the folder of this package. */
export const PLUGIN = new URL("../..", import.meta.url).href.replace(/\/$/, "");

/** Generous: the machine may be busy with something else. */
const WITHIN_MS = 60_000;

/** A whole installation: Mattermost (the stand-in), a model that is scripted, and OpenCode processes with the bridge. */
export interface World<P extends HostProcess = HostProcess> {
  readonly mattermost: StandIn;
  readonly model: ScriptedModel;
  /** Starts an OpenCode with the bridge; ended with the world. */
  opencode(options?: Partial<HostOptions> & WorldOptions): Promise<P>;
  /** The root posts of session threads, oldest first. */
  roots(sessionId?: string): readonly StandInPost[];
  /** Waits for the thread of a session. */
  rootOf(sessionId: string): Promise<StandInPost>;
  /** What the bot wrote in a thread, the root left out. */
  replies(rootId: string): readonly StandInPost[];
  /** Waits until a post of the bot in the thread matches. */
  reply(rootId: string, pattern: RegExp): Promise<StandInPost>;
  /** Waits until a post of the bot matches; resolves with it as it is then. */
  becomes(postId: string, pattern: RegExp): Promise<StandInPost>;
  /** Waits for the finished answer that ends so. */
  answered(rootId: string, ending?: string): Promise<StandInPost>;
  /** The owner writes in a thread; resolves with the post's id. */
  say(rootId: string, message: string): Promise<string>;
  /** The owner writes in the channel itself. */
  sayInMain(message: string): Promise<string>;
  /** What the bot wrote in the channel itself, the threads' root posts left out. */
  mainReplies(): readonly StandInPost[];
  /** Waits for a post of the bot in the channel itself that matches. */
  mainReply(pattern: RegExp): Promise<StandInPost>;
  /** The model's turns for a session, oldest first. */
  callsOf(sessionId: string): readonly ModelCall[];
  stop(): Promise<void>;
}

interface WorldOptions {
  /** Options of the plugin beside url and owner; `undefined` takes one of those out. */
  readonly pluginOptions?: Readonly<Record<string, unknown>>;
  /** An OpenCode that nobody told of the plugin. */
  readonly withoutPlugin?: boolean;
}

/** A world of the OpenCode that this process's tests run on. */
export const startWorld = (options?: StandInOptions): Promise<World> => startWorldOn(HOST, options);

/** A world of this very OpenCode. */
export async function startWorldOn<P extends HostProcess>(
  host: { readonly start: (options: HostOptions) => Promise<P> },
  options: StandInOptions = {},
): Promise<World<P>> {
  const mattermost = await startStandIn(options);
  const model = await startScriptedModel();
  const owner = mattermost.as("alice");
  const processes: P[] = [];
  const { bot } = mattermost;

  const until = <T>(what: string, probe: () => T | undefined | false): Promise<T> =>
    mattermost.until(what, probe, WITHIN_MS);
  const markOf = (post: StandInPost): { key?: string; session_id?: string } =>
    Object(post.props["opencode_mattermost"]);
  const roots: World["roots"] = (sessionId) =>
    mattermost
      .posts({ userId: bot.id })
      .filter((post) => markOf(post).key === "root")
      .filter((post) => sessionId === undefined || markOf(post).session_id === sessionId);
  const replies: World["replies"] = (rootId) => mattermost.posts({ rootId, userId: bot.id });
  const mainReplies: World["mainReplies"] = () =>
    mattermost
      .posts({ userId: bot.id })
      .filter((post) => post.rootId === "" && markOf(post).key !== "root");

  return {
    mattermost,
    model,
    async opencode({ pluginOptions, withoutPlugin = false, ...rest } = {}) {
      const given = { url: mattermost.url, owner: "alice", ...pluginOptions };
      const opencode = await host.start({
        mode: "serve",
        model: model.url,
        ...(!withoutPlugin && { plugin: { path: PLUGIN, options: given } }),
        ...rest,
        env: { MATTERMOST_TOKEN: bot.token, ...rest.env },
      });
      processes.push(opencode);
      return opencode;
    },
    roots,
    rootOf: (sessionId) => until(`the thread of ${sessionId}`, () => roots(sessionId)[0]),
    replies,
    reply: (rootId, pattern) =>
      until(`a reply like ${pattern}`, () =>
        replies(rootId).find((post) => pattern.test(post.message)),
      ),
    becomes: (postId, pattern) =>
      until(`${postId} to be like ${pattern}`, () => {
        const post = mattermost.post(postId);
        return post && pattern.test(post.message) ? post : undefined;
      }),
    answered: (rootId, ending = "") =>
      until(`an answer that ends with ${ending}`, () =>
        replies(rootId).find(({ message }) => /^✅/.test(message) && message.endsWith(ending)),
      ),
    say: (rootId, message) => owner.post(message, { rootId }),
    sayInMain: (message) => owner.post(message),
    mainReplies,
    mainReply: (pattern) =>
      until(`a post in the main DM like ${pattern}`, () =>
        mainReplies().find((post) => pattern.test(post.message)),
      ),
    callsOf: (sessionId) => model.calls().filter(({ session }) => session === sessionId),
    async stop() {
      for (const opencode of processes.reverse()) await opencode.stop();
      await model.stop();
      await mattermost.stop();
    },
  };
}

/** A new session by OpenCode's own API. */
export const newSession = (client: HostClient, title?: string): Promise<string> =>
  client.newSession(title);

/** Prompts a session by OpenCode's own API; resolves with the answer's text when the turn is over. */
export const prompt = (client: HostClient, session: string, text: string): Promise<string> =>
  client.prompt(session, text);

/** The texts of a session's assistant messages as OpenCode stored them, oldest first. */
export async function storedAnswers(client: HostClient, session: string): Promise<string[]> {
  const messages = await client.messages(session);
  return messages.filter(({ role }) => role === "assistant").map(({ text }) => text);
}

/** A post without its first line. */
export const belowFirstLine = ({ message }: StandInPost): string =>
  message.includes("\n") ? message.slice(message.indexOf("\n")).replace(/^\n+/, "") : "";

/** Where the bridge keeps the mappings in an OpenCode's home. */
export const mappingsPath = (home: string): string =>
  join(home, ".config", "opencode", "mattermost-threads.json");

/** The mapping of a session as it is on disk. */
export function mappingOf(home: string, sessionId: string): Record<string, unknown> {
  const file: unknown = JSON.parse(readFileSync(mappingsPath(home), "utf8"));
  const { threads } = Object(file);
  const found: unknown[] = Array.isArray(threads) ? threads : [];
  return Object(found.find((entry) => Object(entry).sessionId === sessionId));
}

/** What the plugin has written to its log at these levels, in order. */
export const logged = (opencode: HostProcess, ...levels: readonly string[]): readonly string[] =>
  opencode.logged(...levels);
