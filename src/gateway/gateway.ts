import type { Config } from "../config.ts";
import { messageOf } from "../errors.ts";
import type { ChatEvent, Post } from "../models/chat.ts";
import type { Identity } from "../models/identity.ts";
import type { InstanceId, PostId, SessionId } from "../models/ids.ts";
import { textOf } from "../models/post-text.ts";
import type {
  ChatPort,
  ChatSocket,
  Clock,
  FileStore,
  Hear,
  KillSwitch,
  KnownOwner,
  Logger,
  MappingStore,
  PairingStore,
  SocketState,
  Worktrees,
} from "../ports.ts";
import { postTexts } from "../render/finished-post.ts";
import type { GatewayReady, ThreadContext, ThreadGateway, ThreadView } from "../thread/ports.ts";
import { createPostWriter } from "../thread/posting/post-writer.ts";
import { startHeartbeat } from "../timing/every.ts";
import { createLifetime } from "../timing/lifetime.ts";
import { createCommandPort } from "./command-port.ts";
import { type ConnectionNotice, createConnectionNotice } from "./connection-notice.ts";
import { type CustomStatus, createCustomStatus } from "./custom-status.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import { createDesertedThreads } from "./leader/deserted-threads.ts";
import { createLeaderDuties } from "./leader/duties.ts";
import { createLeadership } from "./leader/leadership.ts";
import { createMainDm } from "./leader/main-dm.ts";
import { createMappingKeeper, createStrayThreads } from "./own-threads.ts";
import { createOwnerFinder } from "./owner-finder.ts";
import { createOthersLister } from "./session-lister.ts";
import type { ServedDirectory } from "./session-opener.ts";

/** One per process and bot: the socket, the owner, the main DM, and the threads of every directory's bridge. */
export interface Gateway extends ThreadGateway {
  readonly config: Config;
  /** Connects, now and for ever. Returns at once; nothing it does can throw into the caller. */
  start(): void;
  /**
   * Counts a directory among those that this process serves; the returned function takes it out again. OpenCode may load
   * the plugin twice for one directory: then the later one serves it and the earlier one is stopped.
   */
  serve(directory: string, served: ServedDirectory): () => void;
  /** The process ends: the bot's status tells of the others from now on. Resolves within `withinMs` and never rejects. */
  leaving(withinMs: number): Promise<void>;
  /** Shows the person at the terminal the code that makes its typer the owner, while there is none; `false` where there is one. */
  showPairing(): boolean;
  /** How this process is connected, in a sentence for the person at the terminal. */
  describe(): string;
  stop(): void;
}

export interface GatewayDeps {
  readonly config: Config;
  readonly chat: ChatPort;
  readonly socket: ChatSocket;
  readonly store: MappingStore;
  readonly files: FileStore;
  readonly hear?: Hear | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  /** When that was made, in Unix milliseconds. */
  readonly machineSinceMs: number;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly isLeader: () => boolean;
  /** Shows the other processes that this one lives and is not stopped. To be called every few seconds. */
  readonly beat: () => void;
  /** The other way round: it goes, and does not lead any more. */
  readonly leave: () => void;
  readonly lock: KillSwitch;
  readonly pairing: PairingStore;
  readonly knownOwner: KnownOwner;
  /** Whether OpenCode has stored a prompt that came from a post. */
  readonly wasPrompted: (
    session: SessionId,
    post: Pick<Post, "id" | "createdMs">,
  ) => Promise<boolean>;
  /** Makes OpenCode load a directory, and so this plugin for it. */
  readonly loadDirectory: (directory: string) => Promise<void>;
  /** Whether a folder is there. Never rejects. */
  readonly isFolder: (directory: string) => Promise<boolean>;
  /** The home folder of this user. */
  readonly home: string;
  /** What is wrong with the way to the server, and what to do; `undefined` where nothing is found. Never rejects. */
  readonly whyUnreachable: () => Promise<string | undefined>;
  /** Folders that are projects, whether OpenCode has seen them or not. Never rejects. */
  readonly projectFolders: () => Promise<readonly string[]>;
  readonly worktrees: Worktrees;
  /** Says something to the person at the terminal, and in the log. */
  readonly tell: (message: string, kind: "info" | "warning" | "error") => void;
  /** Says something to the person at the terminal that is not for the log, which others may read. */
  readonly show: (message: string) => void;
  readonly version: string;
  /** Where this bridge writes what went wrong. */
  readonly logPath: string;
  /** Minutes east of UTC at a time, in Unix milliseconds. */
  readonly utcOffsetMinutes: (unixMs: number) => number;
  /** The newest warning or error that was logged, and when. */
  readonly lastProblem: () => { readonly text: string; readonly atMs: number } | undefined;
}

export function createGateway(given: GatewayDeps): Gateway {
  const clock = createLifetime(given.clock);
  const deps = { ...given, clock };
  const { chat, socket, store, logger, config, instanceId, machineId } = deps;
  let stopped = false;
  let socketState: SocketState = { kind: "stopped" };
  /** Since when the socket is of that kind. */
  let socketSinceMs = clock.now();
  let inbox: Inbox | undefined;
  let notice: ConnectionNotice | undefined;
  const stops: (() => void)[] = [];
  let status: CustomStatus | undefined;
  let postOwed: ThreadGateway["postOwed"] = () => undefined;
  let onEvent: (event: ChatEvent) => void = () => undefined;
  let onSocketState: (state: SocketState) => void = () => undefined;
  const directories = new Map<string, ServedDirectory>();
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<GatewayReady>();

  const isAlive = (instance: InstanceId): boolean =>
    instance === instanceId || deps.isAlive(instance);

  /** The socket is started once; what its events mean changes when the owner is known. */
  function listen(on: (event: ChatEvent) => void): void {
    onEvent = on;
    if (socketState.kind !== "stopped") return;
    socket.start({
      event: (event) => guarded(() => onEvent(event)),
      state: (state) => {
        if (state.kind !== socketState.kind) socketSinceMs = clock.now();
        socketState = state;
        guarded(() => onSocketState(state));
      },
    });
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
      connection: () => ({
        state: socketState.kind === "live" ? "connected" : socketState.kind,
        sinceMs: socketSinceMs,
      }),
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
      others: createOthersLister({ ...deps, siteUrl: config.url, views }),
    });
    const { othersChanged } = status;
    const { lock } = deps;
    const dm = createMainDm({
      ...deps,
      url: config.url,
      isAlive,
      identity,
      bridge: commands,
    });
    const stray = createStrayThreads({ store, logger, instanceId, resume: commands.resume });
    const box = createInbox({
      chat,
      gate,
      latest,
      logger,
      clock,
      lock,
      onElsewhere(post, isLate) {
        void stray.post(post);
        void dm.post(post, isLate);
      },
      onChangedElsewhere: dm.changed,
    });
    const threads = createDesertedThreads({
      ...deps,
      isAlive,
      identity,
      keepEndedDays: config.keepEndedDays,
    });
    const duties = createLeaderDuties({
      ...deps,
      gate,
      newest: box.newest,
      mainDm: dm,
      threads,
      othersChanged,
    });
    const keep = createMappingKeeper({ store, logger, instanceId, sinks: box.sinks });
    const leading = createLeadership({ ...deps, keep, duties });
    leading.start();
    const owed = createPostWriter({ chat, clock, logger, me: identity.me.id });
    postOwed = async (post) => {
      for (const [at, message] of postTexts(
        textOf(post.message),
        identity.limits.maxPostChars,
      ).entries()) {
        const key = at === 0 ? post.mark.key : `${post.mark.key}.${at}`;
        await owed.write({ ...post, message, mark: { ...post.mark, key } });
      }
    };
    const noticed = createConnectionNotice({ ...deps, url: config.url, identity });
    notice = noticed;
    inbox = box;
    stops.push(owed.stop, box.stop, dm.stop, threads.stop, leading.stop, status.stop, notice.stop);
    listen((event) => box.event(event));
    onSocketState = (state) => {
      box.socketState(state);
      noticed.socketState(state);
    };
    onSocketState(socketState);
    becomeReady({ identity, context: contextOf(identity), commands });
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
      utcOffsetMinutes: deps.utcOffsetMinutes,
    };
  }

  function guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      logger.error(`an event of Mattermost could not be handled: ${messageOf(error)}`);
    }
  }

  const finder = createOwnerFinder({ ...deps, listen, onKnown: begin });

  return {
    config,
    chat,
    url: config.url,
    store,
    files: deps.files,
    hear: deps.hear,
    opensThreads: config.sessions !== "none",
    acting: new Set<PostId>(),
    maxFileBytes: config.maxFileBytes,
    instanceId,
    machineId,
    isAlive,
    ready: () => ready,
    lock: deps.lock,
    stateChanged: () => status?.changed(),
    postOwed: (post) => postOwed(post),
    register: (rootPostId, sink) => inbox?.register(rootPostId, sink) ?? (() => undefined),
    start() {
      stops.push(startHeartbeat(deps));
      finder.start();
    },
    showPairing: finder.showCode,
    describe: () => notice?.describe() ?? finder.describe(),
    leaving: (withinMs) => status?.leave(withinMs) ?? Promise.resolve(),
    serve(directory, served) {
      directories.get(directory)?.stop();
      directories.set(directory, served);
      return () => {
        if (directories.get(directory) === served) directories.delete(directory);
      };
    },
    stop() {
      stopped = true;
      finder.stop();
      socket.stop();
      for (const stop of stops) stop();
      clock.end();
      deps.leave();
    },
  };
}
