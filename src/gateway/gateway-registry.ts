import type { Gateway } from "./gateway.ts";

const REGISTRY = Symbol.for("opencode-mattermost");

/** A gateway, and what serves each directory through it. */
interface Shared<Served> {
  readonly bot: string;
  /** Absent while nobody has named the owner: it may wait for a pairing. */
  readonly owner: string | undefined;
  readonly gateway: Gateway;
  readonly served: Map<string, Served>;
}

export interface JoinRequest<Served> {
  /** The server and the token. */
  readonly bot: string;
  readonly owner: string | undefined;
  readonly directory: string;
  readonly makeGateway: () => Gateway;
  /** `over`: it is gone. The last one stops the gateway. */
  readonly makeServed: (gateway: Gateway, over: () => void) => Served;
  /** Another one serves its directory from now on: it says and does nothing more, and calls its `over`. */
  readonly retire: (served: Served) => void;
}

/** `isMade`: for this request; otherwise it was there, with the settings of an earlier one. */
export interface Joined<Served> {
  readonly gateway: { readonly it: Gateway; readonly isMade: boolean };
  readonly served: { readonly it: Served; readonly isMade: boolean };
}

/**
 * The one state that a process needs: its gateways, one for each bot and owner, and what serves each directory. It hangs on
 * `globalThis`, because OpenCode may evaluate this module once per directory. What is there already for the directory is returned.
 * A load that does not name the owner is content with one that does, in whichever order they come: none waits for a pairing beside it.
 */
export function joinGateway<Served>(request: JoinRequest<Served>): Joined<Served> {
  const { bot, owner, directory } = request;
  const gateways = registry<Served>();
  const ofBot = [...gateways.values()].filter((shared) => shared.bot === bot);
  const nameless = ofBot.find((shared) => shared.owner === undefined);
  const known = ofBot.find((shared) => shared.owner === owner) ?? (owner ? undefined : ofBot[0]);
  const replaced = owner === undefined ? undefined : nameless?.served.get(directory);
  if (replaced !== undefined) request.retire(replaced);
  const shared = known ?? { bot, owner, gateway: request.makeGateway(), served: new Map() };
  const { gateway, served } = shared;
  const there = served.get(directory);
  const joined = { it: gateway, isMade: known === undefined };
  if (there !== undefined) return { gateway: joined, served: { it: there, isMade: false } };
  const key = JSON.stringify([bot, shared.owner]);
  if (served.size === 0) {
    gateways.set(key, shared);
    gateway.start();
  }
  const made = request.makeServed(gateway, () => {
    if (served.get(directory) === made) served.delete(directory);
    if (served.size > 0 || gateways.get(key) !== shared) return;
    gateways.delete(key);
    gateway.stop();
  });
  served.set(directory, made);
  return { gateway: joined, served: { it: made, isMade: true } };
}

function registry<Served>(): Map<string, Shared<Served>> {
  const known: unknown = Reflect.get(globalThis, REGISTRY);
  if (known instanceof Map) return known;
  const made = new Map<string, Shared<Served>>();
  Reflect.set(globalThis, REGISTRY, made);
  return made;
}
