import type { CommandPort } from "./commands/command.ts";
import type { Config } from "./config.ts";
import { type CustomStatus, createCustomStatus } from "./custom-status.ts";
import { ChatError, messageOf } from "./errors.ts";
import { type Identity, resolveIdentity } from "./identity.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createMainDm, type MainDm } from "./main-dm.ts";
import type { InstanceId } from "./models/ids.ts";
import type {
  ChatPort,
  ChatSocket,
  Clock,
  FileStore,
  Logger,
  MappingStore,
  SocketState,
} from "./ports.ts";
import { retryDelayMs } from "./post-writer.ts";
import { createSessionLister } from "./session-lister.ts";
import type { ThreadContext } from "./thread-runtime.ts";
import type { GatewayReady, ThreadGateway, ThreadView } from "./thread-sink.ts";

/** A problem that only the person can solve is looked at again this often. */
const ASK_AGAIN_MS = 600_000;
/** A short outage is not worth a word. */
const TELL_AFTER_TRIES = 3;

/** One per process and bot: the socket, the owner, the main DM, and the threads of every directory's bridge. */
export interface Gateway extends ThreadGateway {
  /** Connects, now and for ever. Returns at once; nothing it does can throw into the caller. */
  start(): void;
  /**
   * Counts a directory among those that this process serves; the returned function takes it out again. OpenCode may load
   * the plugin twice for one directory: then the later one serves it and `stopServing` of the earlier one is called.
   */
  serve(directory: string, stopServing: () => void): () => void;
  stop(): void;
}

export interface GatewayDeps {
  readonly config: Config;
  readonly chat: ChatPort;
  readonly socket: ChatSocket;
  readonly store: MappingStore;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly isLeader: () => boolean;
  /** Says something to the person at the terminal. */
  readonly tell: (message: string, kind: "info" | "warning" | "error") => void;
  readonly version: string;
  readonly utcOffsetMinutes: () => number;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { chat, socket, store, clock, logger, config, instanceId, machineId } = deps;
  let stopped = false;
  let cancelTimer = (): void => undefined;
  let socketState: SocketState = { kind: "stopped" };
  let inbox: Inbox | undefined;
  let mainDm: MainDm | undefined;
  let status: CustomStatus | undefined;
  const said = new Set<string>();
  const directories = new Map<string, () => void>();
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<GatewayReady>();

  const isAlive = (instance: InstanceId): boolean =>
    instance === instanceId || deps.isAlive(instance);

  /** Each problem is told once, not at every try. */
  function tellOnce(problem: string): void {
    if (said.has(problem)) return;
    said.add(problem);
    logger.warn(problem);
    deps.tell(problem, "warning");
  }

  function later(delayMs: number, task: () => Promise<void>): void {
    cancelTimer = clock.schedule(delayMs, () => {
      if (!stopped) void task();
    });
  }

  async function connect(tries: number): Promise<void> {
    try {
      const result = await resolveIdentity(chat, config.owner);
      if (stopped) return;
      if (result.kind === "known") return begin(result.identity);
      tellOnce(`Mattermost: ${result.problem}.`);
      later(ASK_AGAIN_MS, () => connect(0));
    } catch (error) {
      later(explain(error, tries), () => connect(tries + 1));
    }
  }

  /** Tells what is wrong, if that is worth telling; how long to wait before the next try, in milliseconds. */
  function explain(error: unknown, tries: number): number {
    if (error instanceof ChatError && error.kind === "unauthorized") {
      tellOnce(
        `Mattermost at ${config.url} does not accept the token: set MATTERMOST_TOKEN to a valid access token of the bot account and restart OpenCode.`,
      );
      return ASK_AGAIN_MS;
    }
    logger.debug(`Mattermost does not answer yet: ${messageOf(error)}`);
    if (tries >= TELL_AFTER_TRIES) {
      tellOnce(
        `Mattermost at ${config.url} cannot be reached. Check the url and the network; it is tried again until it answers.`,
      );
    }
    return retryDelayMs(tries, error);
  }

  function begin(identity: Identity): void {
    const gate = { me: identity.me.id, owner: identity.owner.id, channelId: identity.channelId };
    const commands = commandPort(identity);
    status = createCustomStatus({
      chat,
      clock,
      logger,
      me: identity.me.id,
      enabled: config.customStatus,
      sessions: commands.sessions,
    });
    const dm = createMainDm({ ...deps, isAlive, identity, bridge: commands });
    const box = createInbox({ chat, gate, logger, onElsewhere: (post) => void dm.post(post) });
    inbox = box;
    mainDm = dm;
    socket.start({
      event: (event) => guarded(() => box.event(event)),
      state: (state) => {
        socketState = state;
        guarded(() => box.socketState(state));
      },
    });
    becomeReady({ identity, context: contextOf(identity), commands });
    logger.info(
      `connected to ${config.url} as @${identity.me.username} for @${identity.owner.username}`,
    );
  }

  const views = (): readonly ThreadView[] =>
    inbox?.sinks().flatMap((sink) => sink.view() ?? []) ?? [];

  function contextOf({ me, limits }: Identity): ThreadContext {
    return {
      chat,
      socket,
      clock,
      logger,
      me: me.id,
      limits,
      verbosity: config.verbosity,
      requestsPerSecond: config.requestsPerSecond,
      streaming: () => views().filter(({ state }) => state.run.kind !== "idle").length,
      utcOffsetMinutes: deps.utcOffsetMinutes(),
    };
  }

  function commandPort(identity: Identity): CommandPort {
    const lister = createSessionLister({
      chat,
      store,
      clock,
      siteUrl: identity.limits.siteUrl || config.url,
      views,
    });
    return {
      sessions: lister,
      async status() {
        return {
          botName: identity.me.username,
          ownerName: identity.owner.username,
          server: identity.limits,
          connection: socketState.kind === "live" ? "connected" : socketState.kind,
          directories: [...directories.keys()],
          version: deps.version,
        };
      },
    };
  }

  function guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      logger.error(`an event of Mattermost could not be handled: ${messageOf(error)}`);
    }
  }

  return {
    chat,
    url: config.url,
    store,
    files: deps.files,
    maxFileBytes: config.maxFileBytes,
    instanceId,
    machineId,
    isAlive,
    ready: () => ready,
    stateChanged: () => status?.changed(),
    register: (rootPostId, sink) => inbox?.register(rootPostId, sink) ?? (() => undefined),
    start: () => void connect(0),
    serve(directory, stopServing) {
      directories.get(directory)?.();
      directories.set(directory, stopServing);
      return () => {
        if (directories.get(directory) === stopServing) directories.delete(directory);
      };
    },
    stop() {
      stopped = true;
      cancelTimer();
      socket.stop();
      mainDm?.stop();
      status?.stop();
    },
  };
}
