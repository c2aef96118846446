import { homedir } from "node:os";
import { createBridge } from "../bridge/bridge.ts";
import { createSharedBridge, type SharedBridge } from "../bridge/shared-bridge.ts";
import type { Config } from "../config.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { HostPort, Logger } from "../ports.ts";
import { systemClock } from "../timing/system-clock.ts";

/** What a directory has for itself is as its own settings say. */
export const gatewayOf = (
  gateway: Gateway,
  { verbosity, maxFileBytes, sessions }: Config,
): Gateway => ({
  ...gateway,
  maxFileBytes,
  opensThreads: sessions !== "none",
  async ready() {
    const ready = await gateway.ready();
    return { ...ready, context: { ...ready.context, verbosity } };
  },
});

/** From now on the directory is served, until `onOver` is called. */
export function serveDirectory(deps: {
  readonly gateway: Gateway;
  readonly host: HostPort;
  readonly logger: Logger;
  readonly directory: string;
  readonly onOver: () => void;
}): SharedBridge {
  const { gateway, directory } = deps;
  const clock = systemClock;
  const processStartMs = Date.now() - process.uptime() * 1000;
  const bridge = createBridge({ ...deps, clock, home: homedir(), processStartMs });
  const leave = gateway.serve(directory, bridge);
  bridge.start();
  return createSharedBridge({
    ...deps,
    bridge,
    clock,
    load: () => deps.host.sessions(1),
    onOver() {
      leave();
      deps.onOver();
    },
  });
}
