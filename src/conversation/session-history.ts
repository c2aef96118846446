import { asMessageId, type MessageId, type PostId } from "../models/ids.ts";
import type { Clock, HostPort } from "../ports.ts";
import {
  busyNotice,
  nothingToRedoNotice,
  nothingToUndoNotice,
  promptGoneNotice,
  redoneNotice,
  undoneNotice,
} from "../render/history-notice.ts";
import { isAtRest } from "../state/at-rest.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { DoOnce } from "./do-once.ts";
import { storedMessages } from "./stored-messages.ts";
import { promptsIn, type StoredPrompt } from "./stored-prompts.ts";

/** A stop takes effect within this time. */
const IDLE_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 250;

/** Takes a session back, and forward again. Each resolves with what to tell the owner. */
export interface SessionHistory {
  /** The prompts that the session has now, oldest first. */
  prompts(): Promise<readonly StoredPrompt[]>;
  /** To before the last prompt, or before this one. `key`: the post or tap that asks, for which it is done once. */
  undo(key: PostId, to?: MessageId): Promise<string>;
  /** One prompt forward. */
  redo(key: PostId): Promise<string>;
  /** Whether nothing runs; what is being stopped is given a moment. */
  isIdle(): Promise<boolean>;
}

export function createSessionHistory(deps: {
  readonly runtime: Pick<ThreadRuntime, "state">;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly once: DoOnce;
  /** Whether the session was stopped a moment ago. */
  readonly isStopping: () => boolean;
}): SessionHistory {
  const { runtime, host, clock, once } = deps;
  const { id } = runtime.state().session;

  /** All of them, and those that are left. */
  async function read() {
    const session = await host.session(id);
    const messages = await storedMessages(host, id, () => false);
    const { undoneFrom } = session ?? {};
    const all = promptsIn(messages);
    return { undoneFrom, messages, all, left: promptsIn(messages, undoneFrom) };
  }

  async function isIdle(): Promise<boolean> {
    const untilMs = clock.now() + (deps.isStopping() ? IDLE_WITHIN_MS : 0);
    for (;;) {
      if (isAtRest(runtime.state()) && (await host.status(id)).kind === "idle") return true;
      if (clock.now() >= untilMs) return false;
      await new Promise<void>((resolve) => {
        clock.schedule(LOOK_EVERY_MS, resolve);
      });
    }
  }

  /** The one that a plan begins with; what is not there any more cannot be quoted. */
  async function promptOf(plan: string): Promise<StoredPrompt | undefined> {
    const [first] = plan.split(" ");
    return (await read()).all.find((prompt) => prompt.id === first);
  }

  const hasRepository = async (): Promise<boolean> =>
    (await host.branch().catch(() => undefined)) !== undefined;

  return {
    prompts: async () => (await read()).left,
    isIdle,
    async undo(key, to) {
      const { undo } = host;
      if (!undo) return promptGoneNotice();
      const given = await once(key, {
        async plan() {
          if (!(await isIdle())) return { refused: busyNotice("undo") };
          const { left, all } = await read();
          const found = to === undefined ? left.at(-1) : left.find((prompt) => prompt.id === to);
          if (found) return { what: `${found.id} ${all.at(-1)?.id}` };
          return { refused: to === undefined ? nothingToUndoNotice() : promptGoneNotice() };
        },
        async wasDone(plan) {
          const [planned, newest] = plan.split(" ");
          const { undoneFrom, all } = await read();
          const isThere = all.some((prompt) => prompt.id === planned);
          if (undoneFrom === planned || !isThere) return true;
          // What was prompted since would go with it.
          return all.at(-1)?.id === newest ? false : undefined;
        },
        run: (plan) => undo(id, asMessageId(plan.split(" ")[0] ?? "")),
      });
      if ("refused" in given) return given.refused;
      return undoneNotice(await promptOf(given.what), await hasRepository());
    },
    async redo(key) {
      const { undo, redo } = host;
      if (!undo || !redo) return nothingToRedoNotice();
      const given = await once(key, {
        async plan() {
          if (!(await isIdle())) return { refused: busyNotice("redo") };
          const { undoneFrom, messages } = await read();
          if (undoneFrom === undefined) return { refused: nothingToRedoNotice() };
          const at = messages.findIndex(({ message }) => message.id === undoneFrom);
          const [next] = promptsIn(messages.slice(at + 1));
          return { what: [undoneFrom, next?.id].filter(Boolean).join(" ") };
        },
        wasDone: async (plan) => (await host.session(id))?.undoneFrom !== plan.split(" ")[0],
        run(plan) {
          const [, next] = plan.split(" ");
          return next ? undo(id, asMessageId(next)) : redo(id);
        },
      });
      if ("refused" in given) return given.refused;
      return redoneNotice(await promptOf(given.what), !given.what.includes(" "));
    },
  };
}
