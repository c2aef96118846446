import type { AssistantMessage, Part, StoredMessage } from "../models/host-event.ts";
import type { MessageId } from "../models/ids.ts";
import { isContext } from "./added-context.ts";
import type { Horizon, ShownTurn, ThreadState, Turn } from "./thread-state.ts";
import { closed } from "./turn-outcome.ts";
import { addPart, addReply, addUserMessage, isAnswered } from "./turns.ts";

/**
 * Brings the turns that may go on to what OpenCode has stored of them, and adds those that this state has not seen, in their
 * order. What did not finish and does not run now was interrupted.
 */
export function restoreTurns(
  before: ThreadState,
  {
    messages,
    horizon,
    shown,
  }: {
    readonly messages: readonly StoredMessage[];
    readonly horizon: Horizon;
    readonly shown?: ReadonlyMap<MessageId, ShownTurn>;
  },
  now: number,
): ThreadState {
  const state = withStored(before, messages);
  const idle = { kind: "idle" } as const;
  const stored = messages.reduce(addStored, { ...state, run: idle, turns: [], horizon });
  const unseen = stored.turns.filter((turn) => state.turns.every((known) => known.id !== turn.id));
  const turns = [...unseen, ...state.turns].sort(
    (a, b) => a.message.createdMs - b.message.createdMs,
  );
  const running = state.run.kind === "idle" ? undefined : turns.at(-1);
  const isOver = (turn: Turn): boolean =>
    before.turns.some(({ id, endedMs }) => id === turn.id && endedMs !== undefined);
  const mayBeOver = (turn: Turn): boolean =>
    unseen.includes(turn) || (turn.endedMs === undefined && isOver(turn));
  return {
    ...state,
    contextTokens: state.contextTokens || stored.contextTokens,
    turns: turns.map((turn) =>
      turn !== running && mayBeOver(turn)
        ? endedBefore(turn, turns, shown?.get(turn.id), now)
        : turn,
    ),
  };
}

function addStored(state: ThreadState, { role, message, parts }: StoredMessage): ThreadState {
  const begun = role === "user" ? addUserMessage(state, message) : addReply(state, message);
  return parts.reduce(addPart, begun);
}

/** What is to be told of it may change: it has not ended, or gave way to a newer one as far as was heard. */
export const mayGoOn = ({ endedMs, outcome }: Turn): boolean =>
  endedMs === undefined || outcome?.kind === "continued";

/**
 * OpenCode stores a text when it is whole: until then it has less than was heard. Of a turn that has ended only an answer
 * is added that was not heard at all and does not grow any more: a process that died may have begun the turn.
 */
function withStored(state: ThreadState, messages: readonly StoredMessage[]): ThreadState {
  const open = state.turns.filter(mayGoOn);
  const heardIn = (reply: MessageId): Turn | undefined =>
    state.turns.find(({ replies }) => replies.some(({ id }) => id === reply));
  const isOpen = (id: MessageId): boolean => open.some((turn) => turn.id === id);
  const isLacking = ({ id, parentId, createdMs, finished, error }: AssistantMessage): boolean => {
    const turn = state.turns.find((t) => t.id === parentId);
    const known = heardIn(id);
    if (!turn || (known && known !== turn)) return false;
    if (isOpen(turn.id)) return true;
    const isBefore = turn.replies.some((r) => r.createdMs > createdMs);
    return !known && (finished || error !== undefined || isBefore);
  };
  const knownText = (part: Part): string => {
    const items = open.flatMap((turn) => turn.items);
    const known = items.find((i) => i.key === part.key && i.messageId === part.messageId);
    return known?.kind === "text" || known?.kind === "reasoning" ? known.text : "";
  };
  const isMore = (part: Part): boolean =>
    part.kind !== "text" || part.done || part.text.length >= knownText(part).length;
  return messages
    .filter((m) => (m.role === "user" ? isOpen(m.message.id) : isLacking(m.message)))
    .reduce((next, m) => addStored(next, { ...m, parts: m.parts.filter(isMore) }), state);
}

function endedBefore(
  turn: Turn,
  turns: readonly Turn[],
  shown: ShownTurn | undefined,
  now: number,
): Turn {
  const last = turn.replies.at(-1);
  if (turn.endedMs === undefined && !shown && isContext(turn, { turns })) {
    return { ...turn, endedMs: now, outcome: { kind: "context" } };
  }
  // A step that a newer prompt overtakes is completed first: this one was cut off with its process.
  const cutOff = last !== undefined && !last.finished && !last.error;
  if (turn.endedMs !== undefined && !cutOff) return turn;
  const interrupted = !isAnswered(turn) && !last?.error;
  const failure = { kind: "aborted", message: "" } as const;
  const over = closed(
    interrupted ? { ...turn, failure } : turn,
    lastSign(turn, shown) ?? now,
    "idle",
  );
  return cutOff && shown && hasMore(shown, turn) ? { ...over, remains: shown.posts } : over;
}

/** Something of it was last known to go on at this time. */
function lastSign({ replies, items }: Turn, shown: ShownTurn | undefined): number | undefined {
  const last = replies.at(-1);
  if (!last || last.completedMs !== undefined) return last?.completedMs;
  const inItems = items.flatMap((item) => {
    if (item.kind === "tool") return [item.call.startMs, item.call.endMs];
    return item.kind === "reasoning" ? [item.startMs, item.endMs] : [];
  });
  return Math.max(last.createdMs, shown?.atWorkMs ?? 0, ...inItems.map((ms) => ms ?? 0));
}

/** People have read more than is stored of it, or its end was told already. */
const hasMore = ({ posts, atWorkMs }: ShownTurn, { items }: Turn): boolean =>
  posts.length > 0 &&
  (atWorkMs === undefined || items.some((item) => item.kind === "text" && !item.done));
