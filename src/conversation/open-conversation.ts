import { messageOf } from "../errors.ts";
import type { Post, Reaction } from "../models/chat.ts";
import { baseEmoji } from "../models/emoji.ts";
import type { InstanceId, MessageId } from "../models/ids.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { statusOf } from "../state/status.ts";
import type { Opened } from "../thread/open-thread.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { GatewayReady, ThreadGateway, ThreadSink } from "../thread/ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { untilDone } from "../timing/retry.ts";
import { toLocalMs } from "../timing/server-time.ts";
import { createActOnce } from "./act-once.ts";
import { createThreadCatchUp } from "./catch-up.ts";
import { createThreadConversation } from "./conversation.ts";
import { receiveFiles } from "./file-handler.ts";

/** What the owner says and does in an open thread, now and while nobody listened. */
export interface OpenConversation {
  /** The thread was taken back from a process that may still run something there. */
  tookFrom(from: InstanceId): void;
  /** Sends a prompt of this thread once more, under the same ids. `false` where it was not sent here, or twice already. */
  again(turn: MessageId): boolean;
  sayEnded(how: "deleted" | "exited"): void;
  stop(): void;
}

/** From now on the thread's replies and reactions come here; what was missed before is acted on too. */
export function openConversation(deps: {
  readonly runtime: ThreadRuntime;
  readonly ownership: ThreadOwnership;
  readonly host: HostPort;
  readonly gateway: ThreadGateway;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ready: GatewayReady;
  readonly thread: Extract<Opened, { kind: "mine" }>;
  readonly view: ThreadSink["view"];
}): OpenConversation {
  const { runtime, ownership, host, gateway, clock, logger } = deps;
  const { identity, commands } = deps.ready;
  const { rootPostId, posts, mapping, from } = deps.thread;
  const { chat, files, maxFileBytes } = gateway;
  let stopped = false;
  let wroteEarly = false;

  const conversation = createThreadConversation({
    runtime,
    host,
    clock,
    logger,
    owner: identity.owner,
    bridge: commands,
    receive: (post) => receiveFiles({ chat, files, logger, maxFileBytes }, post),
    isLocked: gateway.isLocked,
    toLocalMs: (serverMs) => toLocalMs(serverMs, { chat, clock }),
    take: (post) => takeNow(post, clock.now(), "again"),
    done: ownership.done,
  });
  const catchUp = createThreadCatchUp({
    runtime,
    host,
    gateway,
    clock,
    logger,
    identity,
    mapping,
    from,
    take,
    offer: conversation.offer,
    offers: conversation.offers,
    recheck(key, reactions) {
      inLane("a reaction that was missed", async () => {
        if (!gateway.isLocked()) await conversation.recheck(key, reactions);
      });
    },
  });
  const takeNow = createActOnce({
    clock,
    serverNow: chat.now,
    ownership,
    acting: gateway.acting,
    isLocked: gateway.isLocked,
    stopped: () => stopped,
    hold: catchUp.hold,
    refuse: conversation.refuse,
    act: (post, taken) => conversation.post(post, statusOf(runtime.state()), taken),
  });

  function take(post: Post, known?: "again"): Promise<void> {
    const queuedMs = clock.now();
    return runtime.inLane("a post", () => takeNow(post, queuedMs, known));
  }

  function inLane(what: string, task: () => Promise<void> | undefined): void {
    void runtime.inLane(what, async () => {
      if (!stopped && (await ownership.isMine())) await task();
    });
  }

  async function atOnce(reaction: Reaction, added: boolean): Promise<void> {
    try {
      if (await ownership.isMine()) await conversation.reaction(reaction, added);
    } catch (error) {
      logger.warn(`a reaction could not be acted on: ${messageOf(error)}`);
    }
  }

  const unregister = gateway.register(rootPostId, {
    sessionId: mapping.sessionId,
    post: (post) => void take(post),
    missed() {
      wroteEarly = true;
    },
    reaction(reaction, added) {
      // Stopping must not wait for a prompt that hangs.
      if (baseEmoji(reaction.emoji) === "octagonal_sign") void atOnce(reaction, added);
      else inLane("a reaction", () => conversation.reaction(reaction, added));
    },
    seen: runtime.seen,
    has: (postId) => runtime.keyOf(postId) !== undefined || conversation.knows(postId),
    recheck() {
      if (gateway.isLocked()) return;
      void catchUp.goOn();
      void catchUp.reactions();
    },
    async takeBack() {
      if (await ownership.takeBack()) catchUp.wasCalledLost();
    },
    view: deps.view,
  });

  async function begin(): Promise<void> {
    const retry = { clock, logger, stopped: () => stopped };
    const read = () => chat.thread(rootPostId);
    const now = wroteEarly ? await untilDone("reading the thread", retry, read) : posts;
    if (now) await catchUp.begin(now);
    await catchUp.reactions();
  }

  void begin();
  return {
    tookFrom: catchUp.tookFrom,
    again: (turn) => !stopped && conversation.again(turn),
    sayEnded: conversation.sayEnded,
    stop() {
      stopped = true;
      unregister();
      catchUp.stop();
    },
  };
}
