import { HostError, messageOf } from "../../errors.ts";
import type {
  FileChanges,
  HostEvent,
  SessionInfo,
  StoredMessage,
} from "../../models/host-event.ts";
import type { MessageId, SessionId } from "../../models/ids.ts";
import type { Clock, Logger } from "../../ports.ts";
import { createLanes } from "../../timing/lane.ts";
import { retryDelayMs } from "../../timing/retry.ts";
import { type Envelope, sessionOf } from "./envelope.ts";
import { createRunningOutput } from "./running-output.ts";
import type { Translator } from "./translator.ts";

/** What an event hangs on is asked for so often; then the event is given up. */
const TRIES = 5;
const SOON_MS = 2_000;

/** The events of every directory of this process, told once each, to whoever serves the directory of their session. */
export interface EventFeed {
  /** An event as an instance of the plugin heard it. Returns at once and never throws. */
  take(event: Envelope): void;
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
  /** What the turn of a prompt changed; `undefined` where OpenCode cannot be asked. */
  readonly changes: (id: SessionId, prompt: MessageId) => Promise<FileChanges | undefined>;
  /** What a command has printed from there on; `undefined` where OpenCode cannot be asked. */
  readonly output: Parameters<typeof createRunningOutput>[0]["read"];
}): EventFeed {
  const { translator, clock, logger } = deps;
  const lanes = createLanes(logger);
  const listeners = new Map<string, (event: HostEvent) => void>();
  const output = createRunningOutput({
    clock,
    logger,
    running: translator.runningShells,
    read: deps.output,
    on(id, shell, text) {
      void lanes.run(id, "the output of a command", async () => {
        give(translator.session(id)?.directory, translator.printed(id, shell, text));
      });
    },
  });

  async function tell(event: Envelope, id: SessionId): Promise<void> {
    if (!(await isKnown(event, id))) return;
    const { directory } = translator.session(id) ?? {};
    const told = await before(event, id);
    told.push(...translator.translate(event));
    if (translator.runningShells(id).length > 0) output.watch(id);
    give(translator.session(id)?.directory ?? directory, told);
  }

  function give(directory: string | undefined, events: readonly HostEvent[]): void {
    const listener = directory === undefined ? undefined : listeners.get(directory);
    for (const event of events) listener?.(event);
  }

  /** What has to be told before an event. */
  async function before(event: Envelope, id: SessionId): Promise<HostEvent[]> {
    const lacking = translator.lacking(event);
    if (lacking === "prompt") {
      return [...translator.learnPrompt(id, await retried(() => deps.messages(id), []))];
    }
    if (lacking === "shell") {
      return [...translator.shellTold(event, id, await retried(() => deps.messages(id), []))];
    }
    const message = lacking === "changes" ? translator.asked(id) : undefined;
    const changes = message && (await soon(() => deps.changes(id, message.id)));
    return changes
      ? [{ type: "user-message", sessionId: id, message: { ...message, changes } }]
      : [];
  }

  /** Only makes what is told better: it is told without it where that takes long. */
  async function soon<T>(read: () => Promise<T>): Promise<T | undefined> {
    let cancel = (): void => undefined;
    const late = new Promise<undefined>((resolve) => {
      cancel = clock.schedule(SOON_MS, () => resolve(undefined));
    });
    const found = await Promise.race([read().catch(() => undefined), late]);
    cancel();
    return found;
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
    take(event) {
      const id = sessionOf(event);
      if (!id || !translator.isFirst(event)) return;
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
