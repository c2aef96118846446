import { createBridge } from "../../src/bridge/bridge.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import type { Post, ServerLimits } from "../../src/models/chat.ts";
import { asInstanceId, type InstanceId, type PostId, type UserId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import type { Clock, Hear, HostPort, PairingStore } from "../../src/ports.ts";
import { endsClean } from "./ends-clean.ts";
import { createFakeChat } from "./fake-chat.ts";
import { createFakeSocket } from "./fake-socket.ts";
import { createManualClock } from "./manual-clock.ts";
import { createMemoryLockSwitch } from "./memory-kill-switch.ts";
import { createMemoryMappingStore } from "./memory-mapping-store.ts";
import { createMemoryWorktrees } from "./memory-worktrees.ts";
import { createRecordingLogger } from "./recording-logger.ts";
import { createSmallHost, DIRECTORY } from "./small-host.ts";

/** Several whole processes on one bot and one mappings file. The one that lives longest leads. */
export function createStreet(
  options: {
    readonly limits?: Partial<ServerLimits>;
    /** How far the server's clock is ahead. */
    readonly aheadMs?: number;
    readonly customStatus?: boolean;
    /** Minutes east of UTC at a time; UTC where nothing is said. */
    readonly utcOffset?: (unixMs: number) => number;
  } = {},
) {
  const clock = createManualClock();
  const { limits = {}, aheadMs = 0 } = options;
  const chat = createFakeChat({ clock, limits, aheadMs });
  const store = createMemoryMappingStore();
  const lock = createMemoryLockSwitch();
  const alive = new Set<InstanceId>();
  const kills: (() => void)[] = [];
  endsClean(clock, () => {
    for (const kill of kills) kill();
  });
  /** Folders that are not there any more. */
  const gone = new Set<string>();
  /** Folders that the owner has named as projects. */
  const named: string[] = [];
  const worktrees = createMemoryWorktrees();
  /** What its processes have logged last. */
  const problem: { last?: { readonly text: string; readonly atMs: number } } = {};

  function process(
    name: string,
    about: {
      readonly owner?: string | undefined;
      /** The OpenCode that it runs in; of its own where nothing is said. */
      readonly host?: HostPort;
      /** Which machine it is, and since when; the same for all where nothing is said. */
      readonly machine?: { readonly id: string; readonly sinceMs: number };
      /** What a service for voice hears. */
      readonly hear?: Hear;
      /** Which sessions get threads by themselves. */
      readonly sessions?: "all" | "none";
      /** OpenCode loads a directory. */
      readonly load?: (directory: string) => void;
    } = {},
  ) {
    const id = asInstanceId(name);
    const { id: machineId, sinceMs: machineSinceMs } = about.machine ?? {
      id: "machine",
      sinceMs: 0,
    };
    alive.add(id);
    const time = stoppable(clock);
    const socket = createFakeSocket(chat);
    const host = createSmallHost(clock);
    const owner = "owner" in about ? about.owner : "alice";
    const logger = createRecordingLogger();
    const gateway = createGateway({
      config: {
        url: "http://chat.test",
        token: "token",
        owner,
        verbosity: "normal",
        customStatus: options.customStatus ?? false,
        requestsPerSecond: 100,
        requestBurst: 200,
        keepEndedDays: 30,
        maxFileBytes: 1_000_000,
        sessions: about.sessions ?? "all",
        projectRoots: [],
      },
      chat,
      socket,
      store,
      files: { save: async () => ({ path: "/tmp/file", url: "file:///tmp/file" }) },
      clock: time,
      logger,
      instanceId: id,
      machineId,
      whyUnreachable: async () => undefined,
      machineSinceMs,
      isAlive: (instance) => alive.has(instance),
      isLeader: () => [...alive][0] === id,
      beat: () => undefined,
      leave: () => void alive.delete(id),
      lock,
      pairing,
      knownOwner: { place: "", id: () => undefined, remember: () => undefined },
      wasPrompted: async (_, post) => host.prompted.has(post.id),
      loadDirectory: async (directory) => about.load?.(directory),
      projectFolders: async () => named,
      worktrees,
      hear: about.hear,
      isFolder: async (folder) => !gone.has(folder),
      home: "/home/alice",
      tell: () => undefined,
      show: () => undefined,
      version: "0",
      lastProblem: () => problem.last,
      logPath: "/home/alice/.local/state/opencode-mattermost/log.txt",
      utcOffsetMinutes: options.utcOffset ?? (() => 0),
    });
    const bridge = createBridge({
      gateway,
      host: about.host ?? host,
      clock: time,
      logger,
      directory: DIRECTORY,
      home: "/home/alice",
      processStartMs: clock.now(),
    });
    host.listen((event) => bridge.event(event));
    gateway.serve(DIRECTORY, bridge);
    gateway.start();
    bridge.start();
    const kill = (): void => {
      alive.delete(id);
      socket.stop();
      gateway.stop();
      bridge.stop();
    };
    kills.push(kill);
    return {
      socket,
      host,
      logger,
      bridge,
      serve: gateway.serve,
      gateway,
      async up() {
        await clock.advance(0);
        socket.live();
        await clock.advance(1_000);
      },
      /** A new session, and the root of its thread. */
      async open() {
        const session = host.open();
        await clock.advance(2_000);
        return { session, rootId: rootOf(session.id).id };
      },
      /** As by ctrl+z, for so long that the others call it dead. */
      suspend() {
        alive.delete(id);
        socket.drop();
        time.stop();
      },
      /** As by `fg`: it beats at once. */
      async goOn() {
        alive.add(id);
        time.goOn();
        socket.live();
        await clock.advance(5_000);
      },
      /** As by SIGKILL. */
      kill,
    };
  }

  const pairing = createMemoryPairing();
  const isBots = (post: Post): boolean => post.userId === chat.bot.id;
  function rootOf(sessionId: string): Post {
    const root = chat.posts().find(({ props }) => {
      const mark = readPostMark(props);
      return mark?.key === "root" && mark.session_id === sessionId;
    });
    if (!root) throw new Error(`No thread was made for ${sessionId}.`);
    return root;
  }

  return {
    clock,
    chat,
    store,
    lock,
    gone,
    named,
    problem,
    worktrees,
    pairing,
    process,
    rootOf,
    /** What the bot answered to a post. */
    answersTo: (id: PostId) =>
      chat
        .posts()
        .filter((post) => isBots(post) && readPostMark(post.props)?.key.endsWith(`/${id}`))
        .map(({ message }) => message),
    /** What the bot said in a thread. */
    saidIn: (rootId: PostId) =>
      chat
        .posts()
        .filter((post) => isBots(post) && post.rootId === rootId)
        .map(({ message }) => message)
        .join("\n"),
  };
}

/** The time of a process that can be stopped: what falls due meanwhile is done when it goes on. */
function stoppable(clock: Clock) {
  let late: (() => void)[] | undefined;
  return {
    now: clock.now,
    schedule: (delayMs: number, run: () => void) =>
      clock.schedule(delayMs, () => (late ? void late.push(run) : run())),
    stop() {
      late = [];
    },
    goOn() {
      const due = late ?? [];
      late = undefined;
      for (const run of due) run();
    },
  };
}

function createMemoryPairing(): PairingStore {
  let owner: UserId | undefined;
  let open: ReturnType<PairingStore["open"]>;
  return {
    place: "",
    owner: () => owner,
    setOwner(id) {
      owner = id;
      open = undefined;
    },
    open: () => open,
    begin(code, sinceMs) {
      open = { code, sinceMs, wrongTries: {} };
    },
    countWrongTry(person) {
      const tries = (open?.wrongTries[person] ?? 0) + 1;
      if (open) open = { ...open, wrongTries: { ...open.wrongTries, [person]: tries } };
    },
    end() {
      open = undefined;
    },
  };
}
