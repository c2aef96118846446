import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { createMattermostClient } from "../clients/mattermost/mattermost-client.ts";
import { proxyFor } from "../clients/mattermost/proxy.ts";
import { createRateBudget } from "../clients/mattermost/rate-budget.ts";
import { createWebSocketClient } from "../clients/mattermost/websocket-client.ts";
import { createTranscription } from "../clients/transcription/transcription.ts";
import type { Config } from "../config.ts";
import { ChatError } from "../errors.ts";
import { createGateway, type Gateway, type GatewayDeps } from "../gateway/gateway.ts";
import { asInstanceId } from "../models/ids.ts";
import type { Redactor } from "../models/redaction.ts";
import { createAttachments } from "../persistence/attachments.ts";
import { createGit, type Git } from "../persistence/git.ts";
import { createInstances } from "../persistence/instances.ts";
import { createKillSwitch } from "../persistence/kill-switch.ts";
import { createKnownOwner } from "../persistence/known-owner.ts";
import { machineId, machineSinceMs } from "../persistence/machine.ts";
import { createPairingStore } from "../persistence/pairing-store.ts";
import { storagePaths } from "../persistence/paths.ts";
import { createPresence } from "../persistence/presence.ts";
import { createProcessLock } from "../persistence/process-lock.ts";
import { projectFolders } from "../persistence/project-folders.ts";
import { projectNames } from "../persistence/project-names.ts";
import { requireFile } from "../persistence/small-file.ts";
import { openStateFolder } from "../persistence/state-folder.ts";
import { createThreadMappingStore } from "../persistence/thread-mapping-store.ts";
import { createWorktrees } from "../persistence/worktrees.ts";
import type { ChatPort, Hear } from "../ports.ts";
import { toLocalMs } from "../timing/server-time.ts";
import { systemClock } from "../timing/system-clock.ts";
import { lastProblem } from "./last-problem.ts";
import { whyUnreachable } from "./why-unreachable.ts";

/** Old files are removed when the start is over. */
const SWEEP_AFTER_MS = 60_000;

/** What the gateway needs of the OpenCode that it runs in. */
export interface GatewayHost
  extends Pick<GatewayDeps, "logger" | "wasPrompted" | "loadDirectory" | "tell" | "show"> {
  readonly redactor: Redactor;
}

/**
 * The gateway of this process with everything that it stands on: Mattermost, the files and locks of this machine, the real clock.
 * Throws `StoreError` where those cannot be trusted, because somebody else may have had a hand in them.
 */
export function makeGateway(config: Config, host: GatewayHost): Gateway {
  const { logger, redactor } = host;
  const clock = systemClock;
  const git = createGit(process.env);
  const paths = storagePaths(process.env, homedir());
  openStateFolder(paths.state);
  requireFile(paths.mappings);
  const { url: baseUrl, token } = config;
  const budget = createRateBudget({
    clock,
    perSecond: config.requestsPerSecond,
    burst: config.requestBurst,
  });
  const chat = createMattermostClient({ baseUrl, token, budget, redactor });
  const socket = createWebSocketClient({
    baseUrl,
    token,
    clock,
    logger,
    checkToken: () => checkToken(chat),
    proxy: proxyFor(baseUrl),
  });
  const createLock = (path: string) => createProcessLock(path);
  const instances = createInstances({ folder: paths.state, createLock });
  const files = createAttachments({ folder: join(paths.state, "attachments"), now: clock.now });
  clock.schedule(SWEEP_AFTER_MS, () => {
    instances.sweep();
    void files.sweep();
  });
  const instanceId = asInstanceId(randomUUID());
  // One leader for each bot and owner: `name` must say neither.
  const name = hashOf([baseUrl, token, config.owner?.toLowerCase()]);
  const presence = createPresence({ instances, instanceId, name, logger });
  const state = (file: string): string => join(paths.state, file);
  return createGateway({
    ...host,
    wasPrompted: (session, { id, createdMs }) =>
      host.wasPrompted(session, { id, createdMs: toLocalMs(createdMs, { chat, clock }) }),
    config,
    chat,
    socket,
    store: createThreadMappingStore({
      path: paths.mappings,
      logger,
      now: clock.now,
      redact: redactor.text,
    }),
    files,
    hear: config.transcription && hearing(config.transcription, redactor, git),
    clock,
    instanceId,
    machineId: machineId({ folder: paths.state, hostname: hostname(), home: homedir() }),
    whyUnreachable: () => whyUnreachable(baseUrl),
    machineSinceMs: machineSinceMs(paths.state, clock.now()),
    isAlive: instances.isAlive,
    isLeader: presence.isLeader,
    beat: presence.beat,
    leave: presence.leave,
    lock: createKillSwitch(state(`locked-${name}`)),
    pairing: createPairingStore(state(`pairing-${name}.json`)),
    knownOwner: createKnownOwner(state(`owner-${hashOf([baseUrl, config.owner?.toLowerCase()])}`)),
    home: homedir(),
    logPath: paths.log,
    lastProblem,
    isFolder,
    projectFolders: () => projectFolders(config.projectRoots, homedir()),
    worktrees: createWorktrees(git),
    version: packageJson.version,
    utcOffsetMinutes: (unixMs) => -new Date(unixMs).getTimezoneOffset(),
  });
}

function hearing(
  settings: NonNullable<Config["transcription"]>,
  redactor: Redactor,
  git: Git,
): Hear {
  const { transcribe } = createTranscription(settings);
  return async (sound, directory) => {
    const names = await projectNames(git, directory);
    return redactor.text(await transcribe(sound, names.map(redactor.text)));
  };
}

/** A name for a file that tells nothing of what it is made of. */
const hashOf = (parts: readonly (string | undefined)[]): string =>
  Bun.hash(JSON.stringify(parts)).toString(36);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function checkToken(chat: ChatPort): Promise<"accepted" | "refused" | "unknown"> {
  try {
    await chat.me();
    return "accepted";
  } catch (error) {
    return error instanceof ChatError && error.kind === "unauthorized" ? "refused" : "unknown";
  }
}
