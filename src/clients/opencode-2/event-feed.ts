import { HostError, messageOf } from "../../errors.ts";
import type { HostEvent, SessionInfo, StoredMessage } from "../../models/host-event.ts";
import type { SessionId } from "../../models/ids.ts";
import type { Clock, Logger } from "../../ports.ts";
import { createLanes } from "../../timing/lane.ts";
import { retryDelayMs } from "../../timing/retry.ts";
import { type Envelope, readEnvelope, sessionOf } from "./envelope.ts";
import type { Translator } from "./translator.ts";

/** What an event hangs on is asked for so often; then the event is given up. */
const TRIES = 5;

/** The events of every directory of this process, told once each, to whoever serves the directory of their session. */
export interface EventFeed {
  /** An event as an instance of the plugin heard it. Returns at once and never throws. */
  take(raw: unknown): void;
  /** The returned function ends it. */
  serve(directory: string, on: (event: HostEvent) => void): () => void;
}

export function createEventFeed(deps: {
  readonly translator: Translator;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `undefined` where OpenCode does not have the session. */
  readonly session: (id: SessionId) => Promise<SessionInfo | undefined>;
  /** Its newest messages, oldest first. */
  readonly messages: (id: SessionId) => Promise<readonly StoredMessage[]>;
}): EventFeed {
  const { translator, clock, logger } = deps;
  const lanes = createLanes(logger);
  const listeners = new Map<string, (event: HostEvent) => void>();

  async function tell(event: Envelope, id: SessionId): Promise<void> {
    if (!(await isKnown(event, id))) return;
    const { directory } = translator.session(id) ?? {};
    const told: HostEvent[] = [];
    if (translator.lacking(event) === "prompt") {
      told.push(...translator.learnPrompt(id, await retried(() => deps.messages(id), [])));
    }
    told.push(...translator.translate(event));
    const to = translator.session(id)?.directory ?? directory;
    const listener = to === undefined ? undefined : listeners.get(to);
    for (const one of told) listener?.(one);
  }

  /** What a session is says which directory it belongs to. */
  async function isKnown(event: Envelope, id: SessionId): Promise<boolean> {
    if (translator.lacking(event) !== "session") return true;
    const session = await retried(() => deps.session(id), undefined);
    if (!session) return false;
    translator.learn(session);
    return true;
  }

  async function retried<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        return await read();
      } catch (error) {
        if (error instanceof HostError && error.kind !== "unknown") break;
        logger.debug(`what an event is about could not be read: ${messageOf(error)}`);
        await new Promise<void>((resolve) => {
          clock.schedule(retryDelayMs(tries, error), resolve);
        });
      }
    }
    return otherwise;
  }

  return {
    take(raw) {
      const event = readEnvelope(raw);
      const id = event && sessionOf(event);
      if (!event || !id || !translator.isFirst(event)) return;
      void lanes.run(id, "an event of OpenCode", () => tell(event, id));
    },
    serve(directory, on) {
      listeners.set(directory, on);
      return () => {
        if (listeners.get(directory) === on) listeners.delete(directory);
      };
    },
  };
}
