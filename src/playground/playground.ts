import type { OwnModel } from "./arguments.ts";
import { loadDemo } from "./model/demo-script.ts";
import { type ScriptedModel, startScriptedModel } from "./model/scripted-model.ts";
import { type OpenCodeProcess, startOpenCode } from "./opencode-process.ts";
import { checkModel, lendLogin, ownModelSetting } from "./playground-own-model.ts";
import { PlaygroundProblem } from "./playground-problem.ts";
import { demoProjects } from "./playground-projects.ts";
import { type StandIn, type StandInPost, startStandIn } from "./stand-in/stand-in.ts";

interface PlaygroundOptions {
  /** The scripted model's rhythm. */
  readonly wordMs: number;
  /** A model of the user's own OpenCode instead of the scripted one. */
  readonly ownModel?: OwnModel;
  /** What is told while it starts. */
  readonly progress?: (text: string) => void;
}

interface PlaygroundSession {
  readonly id: string;
  readonly project: string;
  readonly title: string;
}

/** Everything but the page: Mattermost, a model, OpenCode with the bridge, and two projects. */
export interface Playground {
  readonly mattermost: StandIn;
  readonly model: ScriptedModel;
  readonly opencode: OpenCodeProcess;
  /** Opens a session in each project, one after the other. */
  openSessions(): Promise<readonly PlaygroundSession[]>;
  /** Waits for the root post of the session's thread. */
  rootOf(session: PlaygroundSession): Promise<StandInPost>;
  /** Ends everything and removes what was written; resolves when nothing is left. */
  stop(): Promise<void>;
}

/** How long a session's thread may take to appear. */
const THREAD_MS = 30_000;

/** The stand-in is on this machine: no proxy of the user's own has to do with it. */
function withoutProxy(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { NO_PROXY, no_proxy = NO_PROXY } = env;
  const hosts = [no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { ...env, NO_PROXY: hosts, no_proxy: hosts };
}

/** Who sits at the page. */
export const OWNER = "alice";

/** The bridge as a user installs it: the folder of this package. Tests put another one in its place. */
const plugin = (): string =>
  process.env["PLAYGROUND_PLUGIN"] ?? new URL("../..", import.meta.url).href.replace(/\/$/, "");

const sessionOf = (post: StandInPost): unknown =>
  Object(post.props["opencode_mattermost"])["session_id"];

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { wordMs, ownModel, progress = () => undefined } = options;
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const mattermost = await startStandIn({ users: [OWNER] });
    closing.push(() => mattermost.stop());
    const model = await startScriptedModel({ wordMs });
    closing.push(() => model.stop());
    loadDemo(model);
    progress("Starting OpenCode with the bridge …");
    const own = ownModel === undefined ? undefined : ownModelSetting(ownModel);
    const opencode = await startOpenCode({
      mode: "serve",
      model: model.url,
      plugin: { path: plugin(), options: { url: mattermost.url, owner: OWNER } },
      config: { permission: { bash: "ask" }, ...own?.config },
      // Else whoever else uses this machine could have it run commands.
      password: crypto.randomUUID(),
      env: { ...withoutProxy(own?.env), MATTERMOST_TOKEN: mattermost.bot.token },
    });
    closing.push(() => opencode.stop());
    if (ownModel !== undefined) {
      lendLogin(ownModel, opencode.home);
      await checkModel(ownModel, opencode);
    }
    return { mattermost, model, opencode, stop, ...threadsOf(mattermost, opencode) };
  } catch (problem) {
    await stop();
    throw problem;
  }
}

function threadsOf(
  mattermost: StandIn,
  opencode: OpenCodeProcess,
): Pick<Playground, "openSessions" | "rootOf"> {
  const rootOf: Playground["rootOf"] = ({ id, project }) =>
    mattermost.until(
      `the thread of ${project}`,
      () =>
        mattermost
          .posts({ userId: mattermost.bot.id })
          .find((post) => post.rootId === "" && sessionOf(post) === id),
      THREAD_MS,
    );
  return {
    rootOf,
    async openSessions() {
      const sessions: PlaygroundSession[] = [];
      for (const { name, title, files } of demoProjects) {
        const directory = await opencode.newDirectory(name, files);
        const { data, error } = await opencode.client(directory).session.create({ title });
        if (!data) {
          throw new PlaygroundProblem(
            `OpenCode opened no session in ${directory}: ${JSON.stringify(error)}`,
          );
        }
        sessions.push({ id: data.id, project: name, title });
      }
      return sessions;
    },
  };
}
