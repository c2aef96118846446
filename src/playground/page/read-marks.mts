import { remember, remembered } from "./memory.mts";
import { asJson } from "./wire.mts";

/** Up to when the person has seen each thread; it survives a reload. */
export interface ReadMarks {
  /** What was there at the first visit is not new. Later calls change nothing. */
  begin(at: number): void;
  seenUpTo(rootId: string): number;
  seen(rootId: string, at: number): void;
}

const KEY = "playground-seen";

/** Times of the channel; those of another one, which an earlier playground had, are forgotten. */
function read(channelId: string): Map<string, number> {
  const marks = new Map<string, number>();
  try {
    const kept = asJson(JSON.parse(remembered(KEY) ?? ""));
    if (kept["channel"] !== channelId) return marks;
    for (const [id, at] of Object.entries(asJson(kept["marks"])))
      if (typeof at === "number") marks.set(id, at);
  } catch {
    return marks;
  }
  return marks;
}

/** The mark of the first visit; no thread has this id. */
const BEGIN = "*";

export function openReadMarks(channelId: string): ReadMarks {
  let marks = read(channelId);
  function put(id: string, at: number): void {
    if ((marks.get(id) ?? 0) >= at) return;
    // Another tab may have seen more meanwhile.
    for (const [other, seenAt] of read(channelId))
      marks.set(other, Math.max(seenAt, marks.get(other) ?? 0));
    marks.set(id, Math.max(at, marks.get(id) ?? 0));
    remember(KEY, JSON.stringify({ channel: channelId, marks: Object.fromEntries(marks) }));
  }
  window.addEventListener("storage", ({ key }) => {
    if (key === KEY) marks = read(channelId);
  });
  return {
    begin(at) {
      if (!marks.has(BEGIN)) put(BEGIN, at);
    },
    seenUpTo: (rootId) => marks.get(rootId) ?? marks.get(BEGIN) ?? 0,
    seen: put,
  };
}
