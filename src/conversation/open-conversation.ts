import type { Post } from "../models/chat.ts";
import type { InstanceId, MessageId } from "../models/ids.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { statusOf } from "../state/status.ts";
import type { Opened } from "../thread/open-thread.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { GatewayReady, ThreadGateway, ThreadSink } from "../thread/ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { isTooOld } from "../thread/unanswered-replies.ts";
import { createLane } from "../timing/lane.ts";
import { untilDone } from "../timing/retry.ts";
import { createActOnce } from "./act-once.ts";
import { createAskedElsewhere } from "./asked-elsewhere.ts";
import { createThreadCatchUp } from "./catch-up.ts";
import { createThreadConversation } from "./conversation.ts";
import { createEarlyPosts } from "./early-posts.ts";
import { receiveFiles } from "./file-handler.ts";
import { createPendingReplies } from "./pending-replies.ts";
import { createSessionChoices } from "./session-choices.ts";
import { tellAsked } from "./session-work.ts";
import type { ConversationDeps } from "./thread-parts.ts";
import { createListen, modelHears } from "./voice.ts";

/** A post that waited longer for its turn may have changed unheard. */
const READ_AGAIN_AFTER_MS = 10_000;

/** What the owner says and does in an open thread, now and while nobody listened. */
export interface OpenConversation {
  /** The thread was taken back from a process that may still run something there. */
  tookFrom(from: InstanceId): void;
  /** Something was done in the session of which nothing was heard here. */
  lookAgain(): void;
  /** Sends a prompt of this thread once more, under the same ids. `false` where it was not sent here, or twice already. */
  again(turn: MessageId): boolean;
  sayEnded(how: "deleted" | "exited" | "unloaded"): void;
  /** The thread's state has changed. */
  changed(): void;
  /** Whether the owner has done anything here since this process has the thread. */
  tookPart(): boolean;
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
  readonly beside: Pick<ConversationDeps, "openBeside" | "link" | "look" | "end">;
  readonly rootDeleted: ThreadSink["rootDeleted"];
  /** Whether the session works in this process, so that its events are heard here. */
  readonly isHeard: () => boolean;
}): OpenConversation {
  const { runtime, ownership, host, gateway, clock, logger } = deps;
  const { identity, commands } = deps.ready;
  const { rootPostId, posts, mapping, from } = deps.thread;
  const { chat, files, maxFileBytes } = gateway;
  let stopped = false;
  let wroteEarly = false;
  let tookPart = false;
  const pending = createPendingReplies();
  /** The owner's posts in this thread. */
  const written = new Set(posts.flatMap((p) => (p.userId === identity.owner.id ? p.id : [])));
  /** What ends or allows something never waits for what is in the thread's lane: a download, or a prompt that hangs. */
  const control = createLane(logger);
  /** What may take its time has an order of its own: it overtakes prompts, and holds up nothing that ends or allows something. */
  const aside = createLane(logger);
  const lanes = { "at-once": control.run, aside: aside.run, "in-turn": runtime.inLane };
  const inControl = <T>(task: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      void control.run("an answer", () => task().then(resolve, reject));
    });

  const elsewhere = createAskedElsewhere({ runtime, host, gateway, me: identity.me.id });
  tellAsked(runtime, mapping);
  const choices = createSessionChoices({ ...deps, verbosity: deps.ready.context.verbosity });
  const listen = createListen({
    hear: gateway.hear,
    directory: runtime.state().session.directory,
    logger,
    modelHears: () => choices.next().then((settings) => modelHears(host, settings)),
  });
  const conversation = createThreadConversation({
    runtime,
    ownership,
    elsewhere,
    host,
    clock,
    outlasting: deps.ready.context.clock,
    logger,
    owner: identity.owner,
    maxPostChars: identity.limits.maxPostChars,
    bridge: commands,
    receive: (post) => receiveFiles({ chat, files, logger, maxFileBytes, listen }, post),
    lock: gateway.lock,
    chat,
    pending,
    choices,
    ...deps.beside,
    inControl,
    take: (post) => takeNow(post, clock.now(), "in-turn", "again"),
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
    isHeard: deps.isHeard,
    elsewhere,
    take,
    offer: conversation.offer,
    offers: conversation.offers,
    isQueued: conversation.isQueued,
    recheck(key, reactions) {
      const run = key.startsWith("late/") ? runtime.inLane : control.run;
      void run("a reaction that was missed", () =>
        ifMine(() => conversation.recheck(key, reactions)),
      );
    },
  });
  const takeNow = createActOnce({
    clock,
    serverNow: chat.now,
    ownership,
    acting: gateway.acting,
    stopped: () => stopped,
    asItStands,
    hold: catchUp.hold,
    knows: conversation.knows,
    act: (post, when, taken) => conversation.post(post, statusOf(runtime.state()), taken, when),
  });

  /** Each reply has its place in the thread's lane; what overtakes is acted on before its turn comes. */
  async function take(post: Post, known?: "again"): Promise<void> {
    const queuedMs = clock.now();
    written.add(post.id);
    const sorted = conversation.sort(post, statusOf(runtime.state()));
    const { isPrompt, isAhead } = sorted;
    const overtaking = sorted.isAside ? aside : control;
    const isLate = (): boolean =>
      known === undefined && !sorted.isOfAnyAge && isTooOld(post, chat.now());
    const ahead =
      isAhead && !isLate()
        ? overtaking.run("a post", () => takeNow(post, queuedMs, "ahead", known))
        : undefined;
    pending.add(post, isPrompt);
    await runtime.inLane("a post", async () => {
      await ahead;
      const isKnown = conversation.knows(post.id);
      if (isLate() && !isKnown) return catchUp.lateCame();
      // It takes about as long as the claim, and waits for other things.
      if (isPrompt && !isKnown) conversation.prepare();
      await takeNow(post, queuedMs, "in-turn", known);
    });
    pending.done(post.id);
  }

  /** While the socket was away nobody heard what became of a post that waits. */
  async function asItStands(post: Post, waitedMs: number): Promise<Post | undefined> {
    if (waitedMs < READ_AGAIN_AFTER_MS || !pending.now(post)) return pending.now(post);
    const found = await chat.post(post.id).catch(() => post);
    if (!found) pending.deleted(post.id);
    else if (found.editedMs > post.editedMs) pending.edited(found);
    return pending.now(post);
  }

  async function ifMine(task: () => Promise<void>): Promise<void> {
    if (!stopped && (await ownership.isMine())) await task();
  }

  const early = createEarlyPosts(clock, (post) => void take(post));
  const unregister = gateway.register(rootPostId, {
    sessionId: mapping.sessionId,
    post(post) {
      tookPart = true;
      const { isPrompt, isAhead } = conversation.sort(post, statusOf(runtime.state()));
      // What ends something does not wait for what was written before.
      if (isAhead && !isPrompt) void take(post);
      else early.post(post);
    },
    missed() {
      wroteEarly = true;
    },
    reaction(reaction, added) {
      tookPart = true;
      const run = lanes[conversation.laneOf(reaction)];
      void run("a reaction", () => ifMine(() => conversation.reaction(reaction, added)));
    },
    refuse: conversation.refuse,
    edited(post) {
      if (early.edited(post)) return;
      // It may overtake now, as a `!stop` that was a prompt does.
      if (conversation.edited(post)) void take(post);
    },
    deleted(post) {
      if (early.deleted(post)) return;
      if (pending.deleted(post.id)) return;
      void control.run("a post that was deleted", () => ifMine(() => conversation.deleted(post)));
    },
    seen: runtime.seen,
    rootDeleted: deps.rootDeleted,
    has: (postId) =>
      runtime.keyOf(postId) !== undefined || written.has(postId) || conversation.knows(postId),
    recheck() {
      void catchUp.goOn();
      conversation.unlocked();
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
    for (const { id, userId } of now ?? []) if (userId === identity.owner.id) written.add(id);
    if (now) await catchUp.begin(now);
    early.begin();
    if (!stopped) conversation.begin();
    await catchUp.reactions();
  }

  void begin();
  return {
    tookFrom: catchUp.tookFrom,
    lookAgain: catchUp.lookAgain,
    again: (turn) => !stopped && conversation.again(turn),
    sayEnded: conversation.sayEnded,
    changed: conversation.changed,
    tookPart: () => tookPart,
    stop() {
      stopped = true;
      unregister();
      catchUp.stop();
      conversation.stop();
    },
  };
}
