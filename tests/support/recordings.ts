import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHostEvent } from "../../src/clients/opencode/opencode-events.ts";
import { type Envelope, readEnvelope, sessionOf } from "../../src/clients/opencode-2/envelope.ts";
import { createTranslator } from "../../src/clients/opencode-2/translator.ts";
import type { RenderOptions } from "../../src/models/desired-post.ts";
import type { HostEvent, SessionInfo } from "../../src/models/host-event.ts";
import type { SessionId } from "../../src/models/ids.ts";
import { initialState, reduce } from "../../src/state/reduce.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";

const FIXTURES = join(import.meta.dir, "../fixtures");

/** `opencode/text-turn`: a host and a scenario. */
export const recordingNames = ["opencode", "opencode-2"].flatMap((host) =>
  readdirSync(join(FIXTURES, host))
    .filter((file) => file.endsWith(".jsonl"))
    .map((file) => `${host}/${file.replace(/\.jsonl$/, "")}`),
);

/** The events of a recording as they came, each with what it becomes. */
export interface RecordedEvent {
  readonly raw: unknown;
  readonly events: readonly HostEvent[];
  readonly type: string;
}

/** `times`: how often each event comes. */
export function readRecording(name: string, times = () => 1): readonly RecordedEvent[] {
  const translate = name.startsWith("opencode-2/") ? translateV2() : translateV1;
  return readFileSync(join(FIXTURES, `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => Array<string>(times()).fill(line))
    .map((line) => {
      const raw: { type: string } = JSON.parse(line);
      return { raw, events: translate(raw), type: raw.type };
    });
}

function translateV1(raw: unknown): readonly HostEvent[] {
  const event = parseHostEvent(raw);
  return event ? [event] : [];
}

/** What a session is that began elsewhere or was forked is read from OpenCode, and made up here. */
function translateV2(): (raw: unknown) => readonly HostEvent[] {
  const translator = createTranslator(() => true);
  return (raw) => {
    const event = readEnvelope(raw);
    if (!event || !translator.isFirst(event)) return [];
    const id = sessionOf(event);
    const isNew = event.type === "session.created";
    if (!id || isNew || translator.session(id)) return translator.translate(event);
    const session = madeUp(id, event);
    translator.learn(session);
    return [{ type: "session-created", session }, ...translator.translate(event)];
  };
}

const madeUp = (id: SessionId, { created, location }: Envelope): SessionInfo => ({
  id,
  title: "from elsewhere",
  directory: location?.directory ?? "/home/dev/project",
  createdMs: created - 1,
  updatedMs: created,
});

/** The first session of a recording. */
export function rootSession(name: string): SessionInfo {
  const first = readRecording(name).flatMap(({ events }) => events)[0];
  if (first?.type !== "session-created") throw new Error(`${name} begins with no new session`);
  return first.session;
}

/** The states that the events of a recording's root session lead to, sub-agents' events included. */
export function* statesOf(name: string, root = rootSession(name)): Generator<ThreadState> {
  let state = initialState(root, { createdMs: root.createdMs - 1, id: "" });
  const family = new Set<string>([root.id]);
  for (const event of readRecording(name).flatMap(({ events }) => events)) {
    if ("session" in event && event.session.parentId && family.has(event.session.parentId)) {
      family.add(event.session.id);
    }
    if (!family.has(sessionIdOf(event))) continue;
    state = reduce(state, event, timeOf(state));
    yield state;
  }
}

const sessionIdOf = (event: HostEvent): string => {
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
