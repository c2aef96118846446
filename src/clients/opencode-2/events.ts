import type { HostEvent } from "../../models/host-event.ts";
import { type Context, type Lacking, type Meaning, type Meanings, NOTHING } from "./meaning.ts";
import { REPLY_EVENTS } from "./reply-events.ts";
import { REQUEST_EVENTS } from "./request-events.ts";
import { RUN_EVENTS } from "./run-events.ts";
import type { SessionRun } from "./session-run.ts";
import { SIDE_EVENTS } from "./side-events.ts";

/** OpenCode 2's event names (2.0.14), and what each becomes. */
const EVENTS: Meanings = {
  ...RUN_EVENTS,
  ...REPLY_EVENTS,
  ...REQUEST_EVENTS,
  ...SIDE_EVENTS,
};

/** What an event of OpenCode 2 becomes; nothing for names that are not known here, and for shapes that are not. */
export function tell(type: string, data: unknown, context: Context): readonly HostEvent[] {
  return meaningOf(type)?.tell(data, context) ?? NOTHING;
}

/** What has to be read before an event of this name can be told. */
export function lackingFor(type: string, run: SessionRun): Lacking | undefined {
  const known = meaningOf(type);
  if (known === undefined || known.saysAll) return undefined;
  if (run.info === undefined) return "session";
  if (known.isShell) return "shell";
  if (known.answers && run.asked === undefined) return "prompt";
  return known.ends && run.hasChanged && run.asked !== undefined ? "changes" : undefined;
}

const meaningOf = (type: string): Meaning | undefined =>
  Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
