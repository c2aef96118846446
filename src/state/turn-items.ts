import type { HostEvent, Part } from "../models/host-event.ts";
import type { MessageId } from "../models/ids.ts";
import type { Turn, TurnItem } from "./thread-state.ts";

/** A part of the user's own message. */
export function promptPart(turn: Turn, part: Part): Turn {
  switch (part.kind) {
    case "compaction":
      return { ...turn, compaction: true };
    case "file":
      return turn.prompt.files.includes(part.name)
        ? turn
        : { ...turn, prompt: { ...turn.prompt, files: [...turn.prompt.files, part.name] } };
    case "by-hand":
      return { ...turn, byHand: true };
    case "text":
      return withText(turn, part);
    default:
      return turn;
  }
}

/** A prompt may be made of several texts. */
function withText(turn: Turn, part: Extract<Part, { readonly kind: "text" }>): Turn {
  const { key, text, postId = turn.prompt.postId, origin = turn.prompt.origin } = part;
  const prompt = { ...turn.prompt, ...(postId && { postId }), ...(origin && { origin }) };
  if (part.synthetic) return { ...turn, prompt, synthetic: true };
  const { texts = [] } = turn;
  const at = texts.findIndex((known) => known.key === key);
  const all = at < 0 ? [...texts, { key, text }] : texts.with(at, { key, text });
  const whole = all.map((one) => one.text).join("\n\n");
  return { ...turn, texts: all, prompt: { ...prompt, text: whole } };
}

function upsert(turn: Turn, item: TurnItem): Turn {
  const index = turn.items.findLastIndex(
    (i) => i.key === item.key && i.messageId === item.messageId,
  );
  const known = turn.items[index];
  if (known && isClosed(known) && !isClosed(item)) return turn;
  const items =
    index < 0 ? turn.items.toSpliced(placeOf(turn, item), 0, item) : turn.items.with(index, item);
  return { ...turn, items };
}

/** After everything of its message, and of those before it. */
function placeOf({ items, replies }: Turn, { messageId }: TurnItem): number {
  if (replies.at(-1)?.id === messageId) return items.length;
  const rank = (id: MessageId): number => replies.findIndex((r) => r.id === id);
  const own = rank(messageId);
  return items.findLastIndex((i) => rank(i.messageId) <= own) + 1;
}

/** A part of an assistant message of the turn, whole. */
export function addItemPart(turn: Turn, part: Part): Turn {
  const { key, messageId } = part;
  switch (part.kind) {
    case "text":
      if (part.synthetic) return turn;
      return upsert(turn, { kind: "text", key, messageId, text: part.text, done: part.done });
    case "reasoning": {
      const { text, startMs, endMs } = part;
      const end = endMs === undefined ? {} : { endMs };
      return upsert(turn, { kind: "reasoning", key, messageId, text, startMs, ...end });
    }
    case "tool":
      return upsert(turn, { kind: "tool", key, messageId, call: part.call });
    default:
      return turn;
  }
}

/** It is whole: what comes later of an earlier state of it is out of date. */
function isClosed(item: TurnItem): boolean {
  switch (item.kind) {
    case "text":
      return item.done;
    case "reasoning":
      return item.endMs !== undefined;
    case "tool":
      return item.call.state === "completed" || item.call.state === "error";
    case "compacted":
      return true;
  }
}

/** Text that grows. A closed text does not: its whole came with its end. */
export function appendDelta(
  turn: Turn,
  delta: Extract<HostEvent, { readonly type: "text-delta" }>,
): Turn {
  const index = turn.items.findLastIndex(
    (i) => i.key === delta.partKey && i.messageId === delta.messageId,
  );
  const item = turn.items[index];
  if (!item || item.kind === "tool" || item.kind === "compacted") return turn;
  if (isClosed(item)) return turn;
  const grown = { ...item, text: item.text + delta.delta };
  return { ...turn, items: turn.items.with(index, grown) };
}
