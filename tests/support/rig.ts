import { type Bridge, createBridge } from "../../src/bridge/bridge.ts";
import { createGateway, type Gateway } from "../../src/gateway/gateway.ts";
import type { Post } from "../../src/models/chat.ts";
import type { SessionInfo } from "../../src/models/host-event.ts";
import { asInstanceId, type PostId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import type { ChatSocket, SocketState } from "../../src/ports.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryLockSwitch } from "./memory-kill-switch.ts";
import { createMemoryMappingStore, type MemoryMappingStore } from "./memory-mapping-store.ts";
import { createMemoryWorktrees } from "./memory-worktrees.ts";
import { createSmallChat, type SmallChat } from "./small-chat.ts";
import { createSmallHost, DIRECTORY, type SmallHost } from "./small-host.ts";

/** The whole bridge on fakes, in time that is turned by hand. */
export interface Rig {
  readonly clock: ManualClock;
  readonly chat: SmallChat;
  readonly host: SmallHost;
  readonly store: MemoryMappingStore;
  readonly gateway: Gateway;
  readonly bridge: Bridge;
  /** What was logged as an error; the newest ones only. */
  readonly errors: readonly string[];
  /** The socket's own event, as if Mattermost had sent it. */
  readonly socket: { live(): void; lost(): void; emit: SocketEmit };
  /** A new session and the id of its thread's root. */
  open(): Promise<{ readonly session: SessionInfo; readonly rootId: PostId }>;
  stop(): Promise<void>;
}

type SocketEmit = Parameters<ChatSocket["start"]>[0]["event"];

const ERRORS_KEPT = 50;

export async function createRig(
  keep: { readonly posts?: number; readonly messages?: number } = {},
): Promise<Rig> {
  const clock = createManualClock();
  const chat = createSmallChat(clock, keep.posts);
  const host = createSmallHost(clock, keep.messages);
  const store = createMemoryMappingStore();
  const errors: string[] = [];
  const quiet = (): void => undefined;
  const logger = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error(message: string) {
      errors.push(message);
      if (errors.length > ERRORS_KEPT) errors.shift();
    },
  };
  let on: Parameters<ChatSocket["start"]>[0] | undefined;
  const tell = (state: SocketState): void => on?.state(state);
  let isLive = true;
  chat.listen((event) => {
    if (isLive) on?.event(event);
  });
  const deps = {
    config: {
      url: "http://chat.test",
      token: "token",
      owner: "alice",
      verbosity: "normal" as const,
      customStatus: true,
      requestsPerSecond: 8,
      requestBurst: 16,
      keepEndedDays: 30,
      maxFileBytes: 1_000_000,
      sessions: "all" as const,
      projectRoots: [],
    },
    chat,
    socket: {
      start(listener: Parameters<ChatSocket["start"]>[0]) {
        on = listener;
        clock.schedule(0, () => tell({ kind: "live", resumed: false }));
      },
      typing: quiet,
      reconnect: quiet,
      stop() {
        on = undefined;
      },
    },
    store,
    files: { save: async () => ({ path: "/tmp/file", url: "file:///tmp/file" }) },
    clock,
    logger,
    instanceId: asInstanceId("instance"),
    machineId: "machine",
    whyUnreachable: async () => undefined,
    machineSinceMs: 0,
    isAlive: () => false,
    isLeader: () => true,
    beat: quiet,
    leave: quiet,
    lock: createMemoryLockSwitch(),
    pairing: {
      place: "",
      owner: () => undefined,
      setOwner: quiet,
      open: () => undefined,
      begin: quiet,
      countWrongTry: quiet,
      end: quiet,
    },
    knownOwner: { place: "", id: () => undefined, remember: quiet },
    loadDirectory: async () => undefined,
    projectFolders: async () => [],
    worktrees: createMemoryWorktrees(),
    isFolder: async () => true,
    home: "/home/alice",
    wasPrompted: async (_session: string, post: Pick<Post, "id">) => host.prompted.has(post.id),
    tell: quiet,
    show: quiet,
    version: "0.0.0",
    lastProblem: () => undefined,
    logPath: "/home/alice/.local/state/opencode-mattermost/log.txt",
    utcOffsetMinutes: () => 0,
  };
  const gateway = createGateway(deps);
  const bridge = createBridge({
    gateway,
    host,
    clock,
    logger,
    directory: DIRECTORY,
    home: "/home/alice",
    processStartMs: clock.now(),
  });
  host.listen((event) => bridge.event(event));
  gateway.serve(DIRECTORY, bridge);
  gateway.start();
  bridge.start();
  await clock.advance(1_000);

  return {
    clock,
    chat,
    host,
    store,
    gateway,
    bridge,
    errors,
    socket: {
      live() {
        isLive = true;
        tell({ kind: "live", resumed: false });
      },
      lost() {
        isLive = false;
        tell({ kind: "waiting", retryAtMs: clock.now(), reason: "lost" });
      },
      emit: (event) => on?.event(event),
    },
    async open() {
      const session = host.open();
      await clock.advance(2_000);
      const root = chat.posts().find(({ props }) => {
        const mark = readPostMark(props);
        return mark?.key === "root" && mark.session_id === session.id;
      });
      if (!root) throw new Error(`No thread was made for ${session.id}.`);
      return { session, rootId: root.id };
    },
    async stop() {
      const gone = bridge.dispose();
      await clock.advance(5_000);
      await gone;
      gateway.stop();
      await clock.advance(0);
      if (clock.pending() > 0) throw new Error(`${clock.pending()} timers are left`);
    },
  };
}
