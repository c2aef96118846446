import type { SessionInfo } from "../models/host-event.ts";
import { asMessageId, type MessageId, type PostId } from "../models/ids.ts";
import type { Clock, HostPort } from "../ports.ts";
import {
  busyNotice,
  forkedNotice,
  forkOfNotice,
  nothingBeforeNotice,
  nothingToForkNotice,
  promptGoneNotice,
  whichPromptNotice,
} from "../render/history-notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { DoOnce } from "./do-once.ts";
import { storedMessages } from "./stored-messages.ts";
import { promptsIn, type StoredPrompt } from "./stored-prompts.ts";

/** A fork is among the newest sessions. */
const SESSIONS_READ = 50;
const END = "end";

/** Opens the thread of a session that was just made and says something there, once. Resolves with its link, where it has one by then. */
export type OpenBeside = (session: SessionInfo, notice: string) => Promise<string | undefined>;

/** Which prompt a fork is from before: by its number, by itself, or none. */
type ForkFrom = { readonly number: number } | { readonly before: MessageId } | undefined;

/** Forks the session, with a thread of its own; each of the two links the other. Resolves with what to tell the owner. */
export type Fork = (key: PostId, from: ForkFrom) => Promise<string>;

export function createFork(deps: {
  readonly runtime: Pick<ThreadRuntime, "state">;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly once: DoOnce;
  readonly isIdle: () => Promise<boolean>;
  readonly openBeside: OpenBeside;
  /** Of this thread. */
  readonly link: () => string;
}): Fork {
  const { runtime, host, clock, once } = deps;
  const { id } = runtime.state().session;

  async function read() {
    const session = await host.session(id);
    const messages = await storedMessages(host, id, () => false);
    return {
      messages,
      undoneFrom: session?.undoneFrom,
      prompts: promptsIn(messages, session?.undoneFrom),
    };
  }

  /** The prompt that it is from before; `undefined` for all of it; a text says why there is none. */
  function chosen(
    prompts: readonly StoredPrompt[],
    from: ForkFrom,
  ): StoredPrompt | string | undefined {
    const [first] = prompts;
    if (!first) return nothingToForkNotice();
    if (from === undefined) return undefined;
    const found =
      "number" in from
        ? prompts[from.number - 1]
        : prompts.find((prompt) => prompt.id === from.before);
    if (!found) return "number" in from ? whichPromptNotice(prompts) : promptGoneNotice();
    return found === first ? nothingBeforeNotice() : found;
  }

  /** By what it has: its first message is as old as this session's. `undefined` where it is not whole. */
  async function find(plan: string): Promise<SessionInfo | false | undefined> {
    const [before, since] = plan.split(" ");
    const { messages } = await read();
    const end = messages.findIndex(({ message }) => message.id === before);
    const count = end < 0 ? messages.length : end;
    const born = messages[0]?.message.createdMs;
    const made = (await host.sessions(SESSIONS_READ)).filter(
      (session) => session.id !== id && session.createdMs >= Number(since),
    );
    let perhaps = false;
    for (const session of made) {
      const copied = await host.messages(session.id, count + 1);
      if (copied.length > 0 && copied[0]?.message.createdMs !== born) continue;
      if (copied.length >= count) return session;
      perhaps = true;
    }
    return perhaps ? undefined : false;
  }

  return async (key, from) => {
    const { fork } = host;
    if (!fork) return nothingToForkNotice();
    let made: SessionInfo | undefined;
    const given = await once(key, {
      async plan() {
        const { prompts, undoneFrom } = await read();
        const before = chosen(prompts, from);
        if (typeof before === "string") return { refused: before };
        // Half an answer would go with it.
        if (!before && !(await deps.isIdle())) return { refused: busyNotice("fork") };
        return { what: `${before?.id ?? undoneFrom ?? END} ${clock.now()}` };
      },
      async wasDone(plan) {
        const found = await find(plan);
        made = found || undefined;
        return found && true;
      },
      async run(plan) {
        const [before = END] = plan.split(" ");
        made = await (before === END ? fork(id) : fork(id, asMessageId(before)));
      },
    });
    if ("refused" in given) return given.refused;
    if (!made) throw new Error("the fork was made, and cannot be found: `!sessions` lists it");
    const { prompts } = await read();
    const before = prompts.find((prompt) => given.what.startsWith(`${prompt.id} `));
    const { title } = runtime.state().session;
    const link = await deps.openBeside(made, forkOfNotice(title, deps.link(), before));
    return forkedNotice(made.title, link, before);
  };
}
