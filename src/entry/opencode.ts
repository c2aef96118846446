import { homedir } from "node:os";
import type { Hooks, Plugin, PluginInput } from "@opencode-ai/plugin";
import { createBridge } from "../bridge/bridge.ts";
import { createTools } from "../bridge/tools.ts";
import {
  createHostLogger,
  createOpencodeHost,
  type HostConnection,
} from "../clients/opencode/opencode-client.ts";
import { parseHostEvent } from "../clients/opencode/opencode-events.ts";
import { loadConfig } from "../config.ts";
import { wasSent } from "../conversation/prompt-sender.ts";
import { messageOf, StoreError } from "../errors.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { type GatewayLease, leaseGateway } from "../gateway/gateway-registry.ts";
import type { HostPort } from "../ports.ts";
import { systemClock } from "../timing/system-clock.ts";
import { type GatewayHost, makeGateway } from "./make-gateway.ts";
import { clearedLogger, guardSecrets } from "./secrets.ts";

/** A toast before the terminal's screen is up would be lost. */
const TOAST_AFTER_MS = 3_000;

/** The plugin as OpenCode 1 calls it, once for each directory. */
export const server: Plugin = async (input, options) => {
  const connection = connectionOf(input);
  const { directory } = input;
  const { redactor, hidden } = guardSecrets(options, process.env);
  const hooks: Hooks = {
    "shell.env": async (_, { env }) => {
      for (const name of hidden) env[name] = "";
    },
  };
  const logger = clearedLogger(createHostLogger(connection, directory), redactor);
  const host = createOpencodeHost({ connection, directory, clock: systemClock });
  const toastLater = (message: string, kind: "info" | "warning" | "error"): void => {
    systemClock.schedule(TOAST_AFTER_MS, () => void host.toast(redactor.text(message), kind));
  };
  const loaded = loadConfig(options, process.env);
  if (loaded.kind === "off") {
    logger.info(
      `Mattermost is not set up, so nothing is bridged. Set ${loaded.missing.join(" and ")}`,
    );
    return hooks;
  }
  if (loaded.kind === "wrong") {
    const problems = `Mattermost is not set up right, so nothing is bridged. ${loaded.problems.join(" ")}`;
    logger.error(problems);
    toastLater(problems, "error");
    return hooks;
  }
  const { config } = loaded;
  const key = JSON.stringify([config.url, config.token, config.owner?.toLowerCase()]);
  const lease = tryLease(
    key,
    () =>
      makeGateway(config, { ...gatewayHost(connection, host), logger, redactor, tell: toastLater }),
    (problem) => {
      logger.error(problem);
      toastLater(problem, "error");
    },
  );
  if (!lease) return hooks;
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
    ...hooks,
    tool: createTools(bridge, () => lease.gateway.pairingCode(), redactor),
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

/** What the gateway of this process needs of OpenCode. */
function gatewayHost(
  connection: HostConnection,
  host: HostPort,
): Pick<GatewayHost, "wasPrompted" | "loadDirectory"> {
  return {
    wasPrompted: (session, post) => wasSent(host, session, post),
    async loadDirectory(directory) {
      await createOpencodeHost({ connection, directory, clock: systemClock }).sessions(1);
    },
  };
}

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
