import { randomUUID } from "node:crypto";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import type { Plugin, PluginInput } from "@opencode-ai/plugin";
import packageJson from "../package.json" with { type: "json" };
import { createBridge } from "./bridge/bridge.ts";
import { createTools } from "./bridge/tools.ts";
import { createMattermostClient } from "./clients/mattermost/mattermost-client.ts";
import { proxyFor } from "./clients/mattermost/proxy.ts";
import { createRateBudget } from "./clients/mattermost/rate-budget.ts";
import { createWebSocketClient } from "./clients/mattermost/websocket-client.ts";
import {
  createHostLogger,
  createOpencodeHost,
  type HostConnection,
} from "./clients/opencode/opencode-client.ts";
import { parseHostEvent } from "./clients/opencode/opencode-events.ts";
import { type Config, loadConfig } from "./config.ts";
import { wasSent } from "./conversation/prompt-sender.ts";
import { ChatError, messageOf, StoreError } from "./errors.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { type GatewayLease, leaseGateway } from "./gateway/gateway-registry.ts";
import { asInstanceId } from "./models/ids.ts";
import { createAttachments } from "./persistence/attachments.ts";
import { createInstances } from "./persistence/instances.ts";
import { createKillSwitch } from "./persistence/kill-switch.ts";
import { machineId } from "./persistence/machine.ts";
import { createPairingStore } from "./persistence/pairing-store.ts";
import { storagePaths } from "./persistence/paths.ts";
import { createPresence } from "./persistence/presence.ts";
import { createProcessLock } from "./persistence/process-lock.ts";
import { createThreadMappingStore } from "./persistence/thread-mapping-store.ts";
import type { ChatPort, HostPort, Logger } from "./ports.ts";
import { toLocalMs } from "./timing/server-time.ts";
import { systemClock } from "./timing/system-clock.ts";

/** A toast before the terminal's screen is up would be lost. */
const TOAST_AFTER_MS = 3_000;
/** Old files are removed when the start is over. */
const SWEEP_AFTER_MS = 60_000;

const server: Plugin = async (input, options) => {
  const connection = connectionOf(input);
  const { directory } = input;
  const logger = createHostLogger(connection, directory);
  const host = createOpencodeHost({ connection, directory, clock: systemClock });
  const loaded = loadConfig(options, process.env);
  if (loaded.kind === "off") {
    logger.info(
      `Mattermost is not set up, so nothing is bridged. Set ${loaded.missing.join(" and ")}`,
    );
    return {};
  }
  if (loaded.kind === "wrong") {
    const problems = `Mattermost is not set up right, so nothing is bridged. ${loaded.problems.join(" ")}`;
    logger.error(problems);
    toastLater(host, problems, "error");
    return {};
  }
  const { config } = loaded;
  const key = JSON.stringify([config.url, config.token, config.owner?.toLowerCase()]);
  const lease = tryLease(
    key,
    () => makeGateway(config, connection, host, logger),
    (problem) => {
      logger.error(problem);
      toastLater(host, problem, "error");
    },
  );
  if (!lease) return {};
  const bridge = createBridge({
    gateway: lease.gateway,
    host,
    clock: systemClock,
    logger,
    directory,
    home: homedir(),
    processStartMs: Date.now() - process.uptime() * 1000,
  });
  const leave = lease.gateway.serve(directory, bridge);
  bridge.start();
  return {
    tool: createTools(bridge, () => lease.gateway.pairingCode()),
    event: async ({ event }) => {
      const parsed = parseHostEvent(event);
      if (parsed) bridge.event(parsed);
    },
    dispose: async () => {
      await bridge.dispose();
      leave();
      lease.release();
    },
  };
};

export default { id: "opencode-mattermost", server };

/** Without its folder this process would count as dead for all others, so it does nothing. */
function tryLease(
  key: string,
  make: () => Gateway,
  tell: (problem: string) => void,
): GatewayLease | undefined {
  try {
    return leaseGateway(key, make);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    tell(`Nothing is bridged to Mattermost: ${messageOf(error)}. Mend that and restart OpenCode.`);
    return undefined;
  }
}

/** What the plugin's own client was made with: an in-process `fetch`, where OpenCode has no port open. */
function connectionOf({ client, serverUrl }: PluginInput): HostConnection {
  const inner: unknown = Reflect.get(client, "_client");
  const config = hasConfig(inner) ? inner.getConfig() : {};
  return {
    baseUrl: config.baseUrl ?? serverUrl.toString(),
    fetch: config.fetch ?? fetch,
    headers: config.headers,
  };
}

interface ClientConfig {
  readonly baseUrl?: string;
  readonly fetch?: typeof fetch;
  readonly headers?: unknown;
}

const hasConfig = (inner: unknown): inner is { getConfig(): ClientConfig } =>
  typeof inner === "object" &&
  inner !== null &&
  typeof Reflect.get(inner, "getConfig") === "function";

function toastLater(host: HostPort, message: string, kind: "info" | "warning" | "error"): void {
  systemClock.schedule(TOAST_AFTER_MS, () => void host.toast(message, kind));
}

function makeGateway(
  config: Config,
  connection: HostConnection,
  host: HostPort,
  logger: Logger,
): Gateway {
  const clock = systemClock;
  const paths = storagePaths(process.env, homedir());
  const { url: baseUrl, token } = config;
  const budget = createRateBudget({
    clock,
    perSecond: config.requestsPerSecond,
    burst: config.requestBurst,
  });
  const chat = createMattermostClient({ baseUrl, token, budget });
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
  const name = Bun.hash(JSON.stringify([baseUrl, token, config.owner?.toLowerCase()])).toString(36);
  const presence = createPresence({ instances, instanceId, name, logger });
  const state = (file: string): string => join(paths.state, file);
  return createGateway({
    config,
    chat,
    socket,
    store: createThreadMappingStore({ path: paths.mappings, logger, now: clock.now }),
    files,
    clock,
    logger,
    instanceId,
    machineId: machineId({ folder: paths.state, hostname: hostname(), home: homedir() }),
    isAlive: instances.isAlive,
    isLeader: presence.isLeader,
    beat: presence.beat,
    leave: presence.leave,
    lock: createKillSwitch(state(`locked-${name}`)),
    pairing: createPairingStore(state(`pairing-${name}.json`)),
    wasPrompted: (session, { id, createdMs }) =>
      wasSent(host, session, { id, createdMs: toLocalMs(createdMs, { chat, clock }) }),
    loadDirectory: async (directory) => {
      await createOpencodeHost({ connection, directory, clock }).sessions(1);
    },
    tell: (message, kind) => toastLater(host, message, kind),
    version: packageJson.version,
    utcOffsetMinutes: () => -new Date().getTimezoneOffset(),
  });
}

async function checkToken(chat: ChatPort): Promise<"accepted" | "refused" | "unknown"> {
  try {
    await chat.me();
    return "accepted";
  } catch (error) {
    return error instanceof ChatError && error.kind === "unauthorized" ? "refused" : "unknown";
  }
}
