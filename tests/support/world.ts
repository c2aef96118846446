import type { OpencodeClient } from "@opencode-ai/sdk/v2/client";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../src/playground/model/scripted-model.ts";
import {
  type OpenCodeOptions,
  type OpenCodeProcess,
  startOpenCode,
} from "../../src/playground/opencode-process.ts";
import {
  type StandIn,
  type StandInOptions,
  type StandInPost,
  startStandIn,
} from "../../src/playground/stand-in/stand-in.ts";

/** The plugin as a user installs it: the folder of this package. */
const PLUGIN = new URL("../..", import.meta.url).href.replace(/\/$/, "");

/** A whole installation: Mattermost (the stand-in), a model that is scripted, and OpenCode processes with the bridge. */
export interface World {
  readonly mattermost: StandIn;
  readonly model: ScriptedModel;
  /** Starts an OpenCode with the bridge; ended with the world. */
  opencode(options?: Partial<OpenCodeOptions> & WorldOptions): Promise<OpenCodeProcess>;
  /** The root posts of session threads, oldest first. */
  roots(): readonly StandInPost[];
  /** Waits for the thread of a session. */
  rootOf(sessionId: string): Promise<StandInPost>;
  /** What the bot wrote in a thread, the root left out. */
  replies(rootId: string): readonly StandInPost[];
  /** Waits until a post of the bot in the thread matches. */
  reply(rootId: string, pattern: RegExp): Promise<StandInPost>;
  /** The owner writes in a thread; resolves with the post's id. */
  say(rootId: string, message: string): Promise<string>;
  /** The owner writes in the channel itself. */
  sayInMain(message: string): Promise<string>;
  /** Waits for a post of the bot in the channel itself that matches. */
  mainReply(pattern: RegExp): Promise<StandInPost>;
  stop(): Promise<void>;
}

interface WorldOptions {
  /** Options of the plugin beside url and owner; `null` leaves the plugin's own out. */
  readonly pluginOptions?: Readonly<Record<string, unknown>>;
}

export async function startWorld(options: StandInOptions = {}): Promise<World> {
  const mattermost = await startStandIn(options);
  const model = await startScriptedModel();
  const owner = mattermost.as("alice");
  const processes: OpenCodeProcess[] = [];
  const { bot } = mattermost;

  const markOf = (post: StandInPost): { key?: string; session_id?: string } =>
    Object(post.props["opencode_mattermost"]);
  const roots = (): readonly StandInPost[] =>
    mattermost.posts({ userId: bot.id }).filter((post) => markOf(post).key === "root");
  const replies = (rootId: string): readonly StandInPost[] =>
    mattermost.posts({ rootId, userId: bot.id });

  return {
    mattermost,
    model,
    async opencode({ pluginOptions, ...rest } = {}) {
      const opencode = await startOpenCode({
        mode: "serve",
        model: model.url,
        plugin: {
          path: PLUGIN,
          options: { url: mattermost.url, owner: "alice", ...pluginOptions },
        },
        ...rest,
        env: { MATTERMOST_TOKEN: bot.token, ...rest.env },
      });
      processes.push(opencode);
      return opencode;
    },
    roots,
    rootOf: (sessionId) =>
      mattermost.until(`the thread of ${sessionId}`, () =>
        roots().find((post) => markOf(post).session_id === sessionId),
      ),
    replies,
    reply: (rootId, pattern) =>
      mattermost.until(`a reply like ${pattern}`, () =>
        replies(rootId).find((post) => pattern.test(post.message)),
      ),
    say: (rootId, message) => owner.post(message, { rootId }),
    sayInMain: (message) => owner.post(message),
    mainReply: (pattern) =>
      mattermost.until(`a post in the main DM like ${pattern}`, () =>
        mattermost
          .posts({ userId: bot.id })
          .find((post) => post.rootId === "" && pattern.test(post.message)),
      ),
    async stop() {
      for (const opencode of processes.reverse()) await opencode.stop();
      await model.stop();
      await mattermost.stop();
    },
  };
}

/** A new session by OpenCode's own API. */
export async function newSession(client: OpencodeClient, title?: string): Promise<string> {
  const { data, error } = await client.session.create(title ? { title } : {});
  if (!data) throw new Error(`No session was made: ${JSON.stringify(error)}`);
  return data.id;
}
