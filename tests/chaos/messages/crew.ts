import { messageOf } from "../../../src/errors.ts";
import type { HostProcess } from "../../support/hosts/host.ts";
import { mappingOf, newSession, type World } from "../../support/world.ts";
import type { Random } from "../random.ts";
import type { Token } from "./script.ts";

/** A session and its thread. */
export interface Talk {
  readonly sessionId: string;
  readonly rootId: string;
  readonly directory: string;
  /** Which place of the crew serves the directory. */
  readonly place: number;
}

/** Something the owner wrote. */
export interface Message {
  readonly token: Token;
  readonly talk: Talk;
  readonly postId: string;
  /** What it is, where it is no plain prompt. */
  readonly command: "" | "!queue" | "!retry" | "!undo" | "!fork";
}

/** Several OpenCode processes on one home, each with directories of its own; they die and are started again. */
export interface Crew {
  readonly talks: readonly [Talk, ...Talk[]];
  /** Prompts that did not come from Mattermost, by their tokens. */
  readonly typed: ReadonlyMap<Token, Talk>;
  /** Any process that lives. */
  anyone(): HostProcess | undefined;
  /** SIGKILL, a pause, and a new process on the same home; some of its sessions are prompted in it at once. */
  strike(places: readonly number[], pauseMs: number): Promise<void>;
  /** Brings back the sessions that are said to be disconnected; returns how many those were. */
  bringBack(): Promise<number>;
  /** What every process wrote, the dead ones too. */
  logs(): string;
  /** The mapping of a session on disk. */
  statusOf(talk: Talk): string;
}

const MOST_STARTS = 5;

export async function createCrew(
  world: World,
  random: Random,
  size: { readonly processes: number; readonly directories: number; readonly threads: number },
): Promise<Crew> {
  const pluginOptions = { requestsPerSecond: 60, requestBurst: 120 };
  const first = await world.opencode({ pluginOptions });
  const { home } = first;
  const others = await Promise.all(
    Array.from({ length: size.processes - 1 }, () => world.opencode({ home, pluginOptions })),
  );
  const processes: (HostProcess | undefined)[] = [first, ...others];
  const everyone = [first, ...others];
  const typed = new Map<Token, Talk>();
  /** When a session was last asked to come back, so that it is not asked twice at once. */
  const askedMs = new Map<string, number>();
  /** Asked back by `!resume`, which may take long. Meanwhile nobody types there: OpenCode has no session in two processes at once. */
  const resuming = new Set<Talk>();

  const directories = await Promise.all(
    Array.from({ length: size.directories }, (_, at) => first.newDirectory(`project-${at}`)),
  );
  const placeOf = (directory: string): number => directories.indexOf(directory) % size.processes;

  async function open(directory: string): Promise<Talk> {
    const place = placeOf(directory);
    const client = processes[place]?.client(directory);
    if (!client) throw new Error("There is no process yet.");
    const sessionId = await newSession(client);
    const { id: rootId } = await world.rootOf(sessionId);
    return { sessionId, rootId, directory, place };
  }

  const [one, ...more] = await Promise.all(
    Array.from({ length: size.threads }, (_, at) =>
      open(directories[at % directories.length] ?? first.directory),
    ),
  );
  if (!one) throw new Error("No session was made.");
  const talks = [one, ...more] as const;

  /** Which place's process runs a session, where that is known: `!resume` may bring it to any. */
  const runsAt = new Map<Talk, number>(talks.map((talk) => [talk, talk.place]));
  const statusOf = ({ sessionId }: Talk): string => String(mappingOf(home, sessionId)["status"]);

  /** A prompt as from OpenCode's own screen. Its process may die over it. */
  async function type(talk: Talk): Promise<void> {
    const token = `t${typed.size + 1}`;
    typed.set(token, talk);
    runsAt.set(talk, talk.place);
    const client = processes[talk.place]?.client(talk.directory);
    await client?.send(talk.sessionId, `${token} typed in OpenCode`);
  }

  const wake = async (talk: Talk): Promise<void> => {
    askedMs.set(talk.sessionId, Date.now());
    if (processes[talk.place] && !resuming.has(talk) && random.chance(0.5)) return type(talk);
    runsAt.delete(talk);
    resuming.add(talk);
    await world.mattermost.as("alice").post("!resume", { rootId: talk.rootId });
  };

  /** A process does nothing for a directory until somebody touches it. */
  async function touch(process: HostProcess, place: number): Promise<void> {
    for (const directory of directories.filter((d) => placeOf(d) === place)) {
      await process.client(directory).open();
    }
  }

  /** Where its database is busy OpenCode itself does not start; whoever sits before it starts it again. */
  async function start(): Promise<HostProcess> {
    for (let tries = 1; ; tries++) {
      try {
        return await world.opencode({ home, pluginOptions });
      } catch (error) {
        if (tries === MOST_STARTS || !messageOf(error).includes("database is locked")) throw error;
      }
    }
  }

  async function restart(place: number): Promise<void> {
    const process = await start();
    everyone.push(process);
    await touch(process, place);
    processes[place] = process;
    // Before anybody has noticed that its process died, too.
    for (const talk of talks.filter((t) => runsAt.get(t) === place)) {
      if (random.chance(0.3)) await type(talk);
    }
  }

  return {
    talks,
    typed,
    anyone: () => processes.find((process) => process !== undefined),
    async strike(places, pauseMs) {
      const dying = places.map((place) => processes[place]);
      for (const place of places) processes[place] = undefined;
      await Promise.all(dying.map((process) => process?.kill("SIGKILL")));
      await Bun.sleep(pauseMs);
      await Promise.all(places.map(restart));
    },
    async bringBack() {
      const lost = talks.filter((talk) => statusOf(talk) !== "active");
      for (const talk of resuming) if (!lost.includes(talk)) resuming.delete(talk);
      const now = Date.now();
      for (const talk of lost) {
        if (now - (askedMs.get(talk.sessionId) ?? 0) > 8_000) await wake(talk);
      }
      return lost.length;
    },
    logs: () => everyone.map((process) => process.log()).join("\n\n"),
    statusOf,
  };
}
