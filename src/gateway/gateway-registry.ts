import type { Gateway } from "./gateway.ts";

const REGISTRY = Symbol.for("opencode-mattermost");

interface Shared {
  readonly gateway: Gateway;
  users: number;
}

/**
 * The one state that a process needs: its gateways, one for each bot and owner. It hangs on `globalThis`, because OpenCode
 * may evaluate this module once per directory.
 */
export interface GatewayLease {
  readonly gateway: Gateway;
  /** The last one to release stops the gateway. */
  release(): void;
}

export function leaseGateway(key: string, make: () => Gateway): GatewayLease {
  const gateways = registry();
  const shared = gateways.get(key) ?? { gateway: make(), users: 0 };
  if (shared.users === 0) {
    gateways.set(key, shared);
    shared.gateway.start();
  }
  shared.users++;
  let released = false;
  return {
    gateway: shared.gateway,
    release() {
      if (released) return;
      released = true;
      if (--shared.users > 0) return;
      gateways.delete(key);
      shared.gateway.stop();
    },
  };
}

function registry(): Map<string, Shared> {
  const known: unknown = Reflect.get(globalThis, REGISTRY);
  if (known instanceof Map) return known;
  const made = new Map<string, Shared>();
  Reflect.set(globalThis, REGISTRY, made);
  return made;
}
