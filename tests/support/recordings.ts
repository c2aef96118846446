import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHostEvent } from "../../src/clients/opencode/opencode-events.ts";
import type { RenderOptions } from "../../src/models/desired-post.ts";
import type { HostEvent, SessionInfo } from "../../src/models/host-event.ts";
import { initialState, reduce } from "../../src/state/reduce.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";

const FOLDER = join(import.meta.dir, "../fixtures/opencode");

export const recordingNames = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.replace(/\.jsonl$/, ""));

/** The events of a recording as they came, each with what it becomes. */
export function readRecording(name: string): readonly {
  readonly raw: unknown;
  readonly event: HostEvent | undefined;
  readonly type: string;
}[] {
  return readFileSync(join(FOLDER, `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const raw: { type: string } = JSON.parse(line);
      return { raw, event: parseHostEvent(raw), type: raw.type };
    });
}

/** The first session of a recording. */
export function rootSession(name: string): SessionInfo {
  const first = readRecording(name)[0]?.event;
  if (first?.type !== "session-created") throw new Error(`${name} begins with no new session`);
  return first.session;
}

/** The states that the events of a recording's root session lead to, sub-agents' events included. */
export function* statesOf(name: string, root = rootSession(name)): Generator<ThreadState> {
  let state = initialState(root, { createdMs: root.createdMs - 1, id: "" });
  const family = new Set<string>([root.id]);
  for (const { event } of readRecording(name)) {
    if (!event) continue;
    if ("session" in event && event.session.parentId && family.has(event.session.parentId)) {
      family.add(event.session.id);
    }
    if (!family.has(sessionOf(event))) continue;
    state = reduce(state, event, timeOf(state));
    yield state;
  }
}

const sessionOf = (event: HostEvent): string => {
  if ("session" in event) return event.session.id;
  return "request" in event ? event.request.sessionId : event.sessionId;
};

/** The recordings' own time: the newest that the state has seen. */
export function timeOf(state: ThreadState): number {
  const times = state.turns.flatMap((turn) => [
    turn.message.createdMs,
    ...turn.replies.flatMap((reply) => [reply.createdMs, reply.completedMs ?? 0]),
    ...turn.items.flatMap((item) => (item.kind === "tool" ? [item.call.endMs ?? 0] : [])),
  ]);
  return Math.max(state.session.createdMs, ...times);
}

export const RENDER: RenderOptions = {
  verbosity: "normal",
  maxPostChars: 16_383,
  project: "project",
  utcOffsetMinutes: 0,
};
