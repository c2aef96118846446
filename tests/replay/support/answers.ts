import { type Comparison, compare } from "./compare.ts";
import type { LiveAnswer } from "./rest.ts";
import { mendAnswer, type RestEntry } from "./transcript.ts";

/** The headers that a client may read something from. */
const comparedHeaders = [
  "content-type",
  "cache-control",
  "content-disposition",
  "x-uncompressed-content-length",
  "x-content-type-options",
  "x-request-id",
  "x-version-id",
];

/** Compares a live answer with the recorded one. */
export function compareAnswer(on: Comparison, entry: RestEntry, live: LiveAnswer): void {
  compare(on, "status", entry.status, live.status);
  const headers = comparedHeaders.flatMap((name) => {
    const value = live.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  compare(on, "headers", entry.headers, Object.fromEntries(headers));
  const { path } = entry.rest;
  const cut = mendAnswer(entry.response);
  const recorded = cut === undefined ? entry.response : cut.json;
  if (path.startsWith("/config/client")) {
    compare(on, "response", subset(recorded, live.json), live.json);
  } else if (path.endsWith("/users/me/channels")) {
    compare(on, "response", inOrder(recorded), inOrder(live.json));
  } else {
    const json = path.includes("/posts?since=") ? aligned(on, recorded, live.json) : live.json;
    compare({ ...on, partial: cut !== undefined }, "response", recorded, json);
  }
}

/** The stand-in serves a part of the configuration: what it serves must be what was recorded. */
function subset(recorded: unknown, live: unknown): unknown {
  if (!isObject(recorded) || !isObject(live)) return recorded;
  return Object.fromEntries(Object.entries(recorded).filter(([key]) => key in live));
}

/** Channels come in the order of their ids, which is another one here. */
function inOrder(channels: unknown): unknown {
  if (!Array.isArray(channels)) return channels;
  return channels.toSorted((a, b) => {
    if (a.type !== b.type) return a.type < b.type ? -1 : 1;
    return (
      String(a.display_name).localeCompare(String(b.display_name)) || a.create_at - b.create_at
    );
  });
}

/**
 * Posts since a moment come newest first; those of one moment (a post and its old versions) come in
 * no promised order. The live list, with those of one moment put where the recording has them.
 */
function aligned(on: Comparison, recorded: unknown, live: unknown): unknown {
  const theirs = readList(recorded);
  const ours = readList(live);
  if (theirs === undefined || ours === undefined) return live;
  const created = (id: string) => ours.posts[id]?.["create_at"];
  const left = new Set(ours.order);
  const order = theirs.order.map((id) => {
    const changed = Number(theirs.posts[id]?.["update_at"]);
    const old = theirs.posts[id]?.["original_id"] !== "";
    const same = (mine: string) =>
      on.ids.recorded(mine) === undefined &&
      (Number.isNaN(changed) || ours.posts[mine]?.["update_at"] === on.ids.liveTime(changed)) &&
      (ours.posts[mine]?.["original_id"] !== "") === old;
    const chosen = on.ids.known(id) ?? [...left].find(same) ?? "";
    left.delete(chosen);
    return chosen;
  });
  if (order.map(created).join() !== ours.order.map(created).join()) {
    on.differences.push(`line ${on.line + 1}: posts since a moment are not as recorded`);
  }
  return isObject(live) ? { ...live, order } : live;
}

interface PostList {
  readonly order: readonly string[];
  readonly posts: Readonly<Record<string, Record<string, unknown>>>;
}

function readList(list: unknown): PostList | undefined {
  if (!isObject(list) || !Array.isArray(list["order"]) || !isObject(list["posts"]))
    return undefined;
  const posts = Object.entries(list["posts"]).flatMap(([id, post]) =>
    isObject(post) ? [[id, post] as const] : [],
  );
  return { order: list["order"].map(String), posts: Object.fromEntries(posts) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
