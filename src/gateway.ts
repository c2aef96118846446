import { createCommandPort } from "./command-port.ts";
import type { Config } from "./config.ts";
import { type CustomStatus, createCustomStatus } from "./custom-status.ts";
import { ChatError, messageOf } from "./errors.ts";
import { type Identity, resolveIdentity } from "./identity.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createLeaderDuties } from "./leader-duties.ts";
import { createLeadership } from "./leadership.ts";
import { createMainDm } from "./main-dm.ts";
import type { ChatEvent, Post, User } from "./models/chat.ts";
import type { InstanceId, PostId, SessionId } from "./models/ids.ts";
import { createOwnerlessThreads } from "./ownerless-threads.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import type {
  ChatPort,
  ChatSocket,
  Clock,
  FileStore,
  LockSwitch,
  Logger,
  MappingStore,
  PairingStore,
  SocketState,
} from "./ports.ts";
import { createPostWriter, retryDelayMs } from "./post-writer.ts";
import type { ServedDirectory } from "./session-opener.ts";
import { createStrayThreads } from "./stray-threads.ts";
import type { ThreadContext } from "./thread-runtime.ts";
import type { GatewayReady, ThreadGateway, ThreadView } from "./thread-sink.ts";

/** A problem that only the person can solve is looked at again this often. */
const ASK_AGAIN_MS = 600_000;
const PAIRED_LOOK_MS = 2_000;
const PAIRING_OVER =
  "Pairing with Mattermost is over: nobody typed the code in time. Restart OpenCode for a new one, or set MATTERMOST_OWNER.";
/** A short outage is not worth a word. */
const TELL_AFTER_TRIES = 3;

/** One per process and bot: the socket, the owner, the main DM, and the threads of every directory's bridge. */
export interface Gateway extends ThreadGateway {
  /** Connects, now and for ever. Returns at once; nothing it does can throw into the caller. */
  start(): void;
  /**
   * Counts a directory among those that this process serves; the returned function takes it out again. OpenCode may load
   * the plugin twice for one directory: then the later one serves it and the earlier one is stopped.
   */
  serve(directory: string, served: ServedDirectory): () => void;
  /** The code that makes its typer the owner, while there is none. */
  pairingCode(): string | undefined;
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
  /** Shows the other processes that this one lives. */
  readonly beat: () => void;
  /** The other way round: it goes, and does not lead any more. */
  readonly leave: () => void;
  readonly lock: LockSwitch;
  readonly pairing: PairingStore;
  /** Whether OpenCode has stored a prompt that came from a post. */
  readonly wasPrompted: (session: SessionId, post: PostId) => Promise<boolean>;
  /** Makes OpenCode load a directory, and so this plugin for it. */
  readonly loadDirectory: (directory: string) => Promise<void>;
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
  let pairing: Pairing | undefined;
  const stops: (() => void)[] = [];
  let status: CustomStatus | undefined;
  let postOwed: ThreadGateway["postOwed"] = () => undefined;
  let onEvent: (event: ChatEvent) => void = () => undefined;
  let onSocketState: (state: SocketState) => void = () => undefined;
  const said = new Set<string>();
  const directories = new Map<string, ServedDirectory>();
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
      const owner = config.owner ?? deps.pairing.owner();
      if (owner === undefined) return pair(await chat.me());
      const result = await resolveIdentity(chat, owner);
      if (stopped) return;
      if (result.kind === "known") return begin(result.identity, await latestIn(result.identity));
      tellOnce(`Mattermost: ${result.problem}.`);
      later(ASK_AGAIN_MS, () => connect(0));
    } catch (error) {
      later(explain(error, tries), () => connect(tries + 1));
    }
  }

  /** Nobody is the owner yet, so nobody may act; the one who types the code becomes it. */
  function pair(me: User): void {
    const { isLeader, pairing: kept } = deps;
    const open = createPairing({ chat, clock, logger, store: kept, me, isLeader });
    pairing = open;
    listen((event) => {
      if (event.type === "posted") void open.post(event.post, event.channelType);
    });
    const watch = async (): Promise<void> => {
      const code = open.code();
      if (kept.owner() !== undefined) {
        pairing = undefined;
        return connect(0);
      }
      if (code) tellOnce(`Mattermost has no owner yet: send "!pair ${code}" to @${me.username}.`);
      else tellOnce(PAIRING_OVER);
      later(PAIRED_LOOK_MS, watch);
    };
    void watch();
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

  /** The socket is started once; what its events mean changes when the owner is known. */
  function listen(on: (event: ChatEvent) => void): void {
    onEvent = on;
    if (socketState.kind !== "stopped") return;
    socket.start({
      event: (event) => guarded(() => onEvent(event)),
      state: (state) => {
        socketState = state;
        guarded(() => onSocketState(state));
      },
    });
  }

  /** Read before the first thread is made: what the owner writes from then on is not lost, however late the socket is. */
  async function latestIn({ channelId }: Identity): Promise<Post | undefined> {
    return (await chat.recentPosts(channelId))[0];
  }

  function begin(identity: Identity, latest: Post | undefined): void {
    if (stopped) return;
    const gate = { me: identity.me.id, owner: identity.owner.id, channelId: identity.channelId };
    const commands = createCommandPort({
      ...deps,
      isAlive,
      identity,
      views,
      siteUrl: identity.limits.siteUrl || config.url,
      connection: () => (socketState.kind === "live" ? "connected" : socketState.kind),
      served: (directory) => directories.get(directory),
      directories: () => [...directories.keys()],
    });
    status = createCustomStatus({
      chat,
      clock,
      logger,
      me: identity.me.id,
      enabled: config.customStatus,
      sessions: commands.sessions,
    });
    const { lock } = deps;
    const isLocked = (): boolean => lock.isOn();
    const dm = createMainDm({ ...deps, isAlive, isLocked, identity, bridge: commands });
    const stray = createStrayThreads({ store, logger, instanceId, resume: commands.resume });
    const box = createInbox({
      chat,
      gate,
      latest,
      logger,
      clock,
      lock,
      onElsewhere(post) {
        void stray.post(post);
        void dm.post(post);
      },
    });
    const threads = createOwnerlessThreads({
      ...deps,
      isAlive,
      identity,
      keepEndedDays: config.keepEndedDays,
    });
    const duties = createLeaderDuties({ ...deps, gate, inbox: box, mainDm: dm, threads });
    const leading = createLeadership({ ...deps, duties });
    leading.start();
    const owed = createPostWriter({ chat, clock, logger, me: identity.me.id });
    postOwed = (post) => void owed.write(post);
    inbox = box;
    stops.push(owed.stop, box.stop, dm.stop, threads.stop, leading.stop, status.stop);
    listen((event) => box.event(event));
    onSocketState = (state) => box.socketState(state);
    onSocketState(socketState);
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
    isLocked: () => deps.lock.isOn(),
    stateChanged: () => status?.changed(),
    postOwed: (post) => postOwed(post),
    register: (rootPostId, sink) => inbox?.register(rootPostId, sink) ?? (() => undefined),
    start: () => void connect(0),
    pairingCode: () => pairing?.code(),
    serve(directory, served) {
      directories.get(directory)?.stop();
      directories.set(directory, served);
      return () => {
        if (directories.get(directory) === served) directories.delete(directory);
      };
    },
    stop() {
      stopped = true;
      cancelTimer();
      socket.stop();
      for (const stop of stops) stop();
      deps.leave();
    },
  };
}
