import { homedir } from "node:os";
import { dirname } from "node:path";
import { type Bridge, createBridge } from "../bridge/bridge.ts";
import { createTools } from "../bridge/tools.ts";
import { isFullContext, type PluginContext } from "../clients/opencode-2/context.ts";
import { createEndSign, type EndSign } from "../clients/opencode-2/end-sign.ts";
import { findHttpApi } from "../clients/opencode-2/http-api.ts";
import { createOpencode2, type Opencode2 } from "../clients/opencode-2/opencode-2.ts";
import { type Config, loadConfig } from "../config.ts";
import { wasSent } from "../conversation/prompt-sender.ts";
import { messageOf, StoreError } from "../errors.ts";
import { joinGateway } from "../gateway/gateway-registry.ts";
import type { Redactor } from "../models/redaction.ts";
import { createFileLogger } from "../persistence/file-logger.ts";
import { storagePaths } from "../persistence/paths.ts";
import type { Logger } from "../ports.ts";
import { systemClock } from "../timing/system-clock.ts";
import { environmentOf, lastTakenOut } from "./environment.ts";
import { remembering } from "./last-problem.ts";
import { type GatewayHost, makeGateway } from "./make-gateway.ts";
import { clearedLogger, guardSecrets } from "./secrets.ts";
import { gatewayOf } from "./serve-directory.ts";
import { settingsNotFollowed } from "./settings-not-followed.ts";

/** OpenCode 2 evaluates this module once for each directory: what the process shares hangs on `globalThis`. */
const SHARED = Symbol.for("opencode-mattermost/opencode-2");
/** More than a bridge takes to say what has to be said. */
const END_WITHIN_MS = 4_000;

interface Shared {
  readonly redactor: Redactor;
  readonly logger: Logger;
  readonly opencode: Opencode2;
  /**
   * The directories that have been loaded once. They are served as long as the process lives, whether OpenCode has them loaded just
   * now or not: a reply loads its directory again.
   */
  readonly bridges: Map<string, Served>;
  readonly sign: EndSign;
  /** Set once the process ends. */
  ending?: Promise<void>;
}

interface Served {
  readonly bridge: Bridge;
  /** Whether the model is asked to show the person how they become the owner. */
  readonly showPairing: () => boolean;
  readonly config: Config;
  readonly over: () => void;
}

/**
 * The plugin as OpenCode 2 calls it, once for each directory that it loads. Returns at once and waits for nothing. Throws where the
 * folder that its log is in cannot be trusted: OpenCode lists the plugin as failed then, with the reason, and goes on. What it
 * returns OpenCode calls when it takes this instance away.
 */
export function setup(context: unknown): (() => Promise<void>) | undefined {
  if (!isFullContext(context)) return undefined;
  const { redactor } = guardSecrets(context.options, process.env);
  const shared = sharedState(redactor);
  const detach = shared.opencode.attach(context);
  try {
    serve(shared, context);
    offerTools(shared, context);
  } catch (error) {
    const problem = `Nothing is bridged to Mattermost: ${messageOf(error)}.`;
    shared.logger.error(problem);
    if (error instanceof StoreError) {
      detach();
      throw new Error(problem, { cause: error });
    }
  }
  return async () => {
    if (shared.sign.isEnding()) await end(shared);
    detach();
  };
}

/**
 * The process ends, and its threads say so, those of directories too that OpenCode has unloaded. OpenCode waits for that without an
 * end. Never rejects.
 */
function end(shared: Shared): Promise<void> {
  const { bridges } = shared;
  shared.ending ??= within(END_WITHIN_MS, async () => {
    await Promise.all([...bridges.values()].map(({ bridge }) => bridge.dispose("exited")));
    for (const { over } of bridges.values()) over();
    bridges.clear();
  });
  return shared.ending;
}

async function within(limitMs: number, task: () => Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => {
    systemClock.schedule(limitMs, resolve);
  });
  await Promise.race([task().catch(() => undefined), late]);
}

function serve(shared: Shared, context: PluginContext): void {
  const { logger, opencode, bridges } = shared;
  const { directory } = context.location;
  const before = bridges.get(directory);
  if (before?.config.owner !== undefined) return;
  const loaded = loadConfig(optionsOf(context), environmentOf(process.env));
  if (loaded.kind === "off") {
    const missing = loaded.missing.join(" and ");
    logger.info(`Mattermost is not set up, so nothing is bridged. Set ${missing}`);
    return;
  }
  if (loaded.kind === "wrong") {
    const problems = loaded.problems.join(" ");
    logger.error(`Mattermost is not set up right, so nothing is bridged. ${problems}`);
    return;
  }
  const { config } = loaded;
  if (before && config.owner === undefined) return;
  const joined = joinGateway<Served>({
    bot: JSON.stringify([config.url, config.token]),
    owner: config.owner?.toLowerCase(),
    directory,
    makeGateway: () => makeGateway(config, gatewayHost(shared)),
    makeServed: (gateway, over) => {
      const bridge = createBridge({
        gateway: gatewayOf(gateway, config),
        host: opencode.host(directory),
        clock: systemClock,
        logger,
        directory,
        home: homedir(),
        processStartMs: Date.now() - process.uptime() * 1000,
      });
      gateway.serve(directory, bridge);
      bridge.start();
      return { bridge, config, showPairing: () => gateway.showPairing(), over };
    },
    retire({ bridge, over }) {
      bridge.stop();
      over();
    },
  });
  const ignored = settingsNotFollowed(loaded, {
    ...(!joined.gateway.isMade && { bot: joined.gateway.it.config }),
  });
  if (ignored) logger.warn(ignored);
  const served = joined.served.it;
  bridges.set(directory, served);
  opencode.serve(directory, served.bridge.event);
}

/** Each time that OpenCode loads the directory. */
function offerTools({ bridges, opencode, redactor }: Shared, context: PluginContext): void {
  const served = bridges.get(context.location.directory);
  if (served) opencode.offer(context, createTools(served.bridge, served.showPairing, redactor));
}

/** OpenCode reads its configuration for each directory anew, and finds no more what an earlier directory's start took out. */
function optionsOf({ options }: PluginContext): unknown {
  const token = lastTakenOut();
  const isEmpty = typeof options === "object" && options !== null && "token" in options;
  return isEmpty && options.token === "" && token !== undefined ? { ...options, token } : options;
}

/** What the gateway of this process needs of OpenCode, which shows no toasts. */
function gatewayHost({ logger, opencode, redactor }: Shared): GatewayHost {
  return {
    logger,
    redactor,
    wasPrompted: (session, post) => wasSent(opencode.host(""), session, post),
    loadDirectory: opencode.load,
    tell: (message, kind) => logger[kind === "warning" ? "warn" : kind](message),
    show: logger.warn,
  };
}

function sharedState(redactor: Redactor): Shared {
  const known: unknown = Reflect.get(globalThis, SHARED);
  if (isShared(known)) return known;
  const paths = storagePaths(process.env, homedir());
  const file = createFileLogger({ path: paths.log, now: systemClock.now });
  const logger = clearedLogger(remembering(file, systemClock), redactor);
  const opencode = createOpencode2({
    clock: systemClock,
    logger,
    http: () => findHttpApi(dirname(paths.state), process.pid),
  });
  const sign = createEndSign(process);
  const made: Shared = { redactor, logger, opencode, bridges: new Map(), sign };
  Reflect.set(globalThis, SHARED, made);
  return made;
}

/** Whatever stands there was put there by this plugin, in this process. */
const isShared = (known: unknown): known is Shared => typeof known === "object" && known !== null;
