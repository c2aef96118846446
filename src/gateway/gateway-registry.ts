import type { Gateway } from "./gateway.ts";

const REGISTRY = Symbol.for("opencode-mattermost");

/** A gateway, and what serves each directory through it. */
interface Shared<Served> {
  readonly gateway: Gateway;
  readonly served: Map<string, Served>;
}

/**
 * The one state that a process needs: its gateways, one for each bot and owner, and what serves each directory. It hangs on
 * `globalThis`, because OpenCode may evaluate this module once per directory. What is there already for the directory is returned;
 * `makeServed` makes it where there is nothing, and says with `over` when it is gone: the last one stops the gateway.
 */
export function joinGateway<Served>(
  key: string,
  directory: string,
  makeGateway: () => Gateway,
  makeServed: (gateway: Gateway, over: () => void) => Served,
): { readonly gateway: Gateway; readonly served: Served } {
  const gateways = registry<Served>();
  const shared = gateways.get(key) ?? { gateway: makeGateway(), served: new Map() };
  const { gateway, served } = shared;
  const there = served.get(directory);
  if (there !== undefined) return { gateway, served: there };
  if (served.size === 0) {
    gateways.set(key, shared);
    gateway.start();
  }
  const made = makeServed(gateway, () => {
    if (served.get(directory) === made) served.delete(directory);
    if (served.size > 0 || gateways.get(key) !== shared) return;
    gateways.delete(key);
    gateway.stop();
  });
  served.set(directory, made);
  return { gateway, served: made };
}

function registry<Served>(): Map<string, Shared<Served>> {
  const known: unknown = Reflect.get(globalThis, REGISTRY);
  if (known instanceof Map) return known;
  const made = new Map<string, Shared<Served>>();
  Reflect.set(globalThis, REGISTRY, made);
  return made;
}
