import { isLockCommand } from "../commands/message-router.ts";
import { isRefusal, isUnauthorized } from "../errors.ts";
import type { Post, Reaction } from "../models/chat.ts";
import type { Identity } from "../models/identity.ts";
import type { InstanceId, PostId, UserId } from "../models/ids.ts";
import type { ReplyClaim, ThreadMapping } from "../models/thread-mapping.ts";
import type { ChatPort, Clock, HostPort, Logger } from "../ports.ts";
import { backNotice, notLetInNotice } from "../render/notice.ts";
import { openQuestion, promptStanding } from "../state/waiting.ts";
import { sessionMapping } from "../thread/ownership.ts";
import type { ThreadGateway } from "../thread/ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import {
  isMarked,
  type UnansweredReplies,
  unansweredReplies,
} from "../thread/unanswered-replies.ts";
import { untilDone } from "../timing/retry.ts";
import { toLocalMs } from "../timing/server-time.ts";
import type { AskedElsewhere } from "./asked-elsewhere.ts";
import { createLookAgain } from "./look-again.ts";
import { promptedPosts, restoreThread } from "./restore-turns.ts";

/** What happened in an older thread, and what the owner wrote there, while this process did not have it. */
export interface ThreadCatchUp {
  /** `posts` is what the thread holds. While everything is switched off all but `!lock` and `!unlock` is put off. */
  begin(posts: readonly Post[]): Promise<void>;
  /** Everything is switched on again: what was put off. */
  goOn(): Promise<void>;
  /** The owner's reactions under what waits, which nobody may have heard of. */
  reactions(): Promise<void>;
  /** A reply has come that is too old to be run unasked: it is looked for with all others. */
  lateCame(): void;
  /** Another live process took this reply before it lost the thread. */
  hold(post: Post): void;
  /** Something was done in the session of which nothing was heard here. */
  lookAgain(): void;
  /** The thread was taken back from this process, which may still run something there. */
  tookFrom(from: InstanceId): void;
  /** This process was called dead while it was only stopped. The thread says so, and what others changed is put right. */
  wasCalledLost(): void;
  stop(): void;
}

export function createThreadCatchUp(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly gateway: Pick<ThreadGateway, "chat" | "instanceId" | "isAlive" | "lock" | "store">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: Identity;
  /** As it was when this process took the thread. */
  readonly mapping: ThreadMapping;
  /** The process that had the thread before. */
  readonly from: InstanceId | undefined;
  /** Whether the session works in this process, so that its events are heard here. */
  readonly isHeard: () => boolean;
  /** `again`: another process may have acted on it. */
  readonly take: (post: Post, known?: "again") => Promise<void>;
  /** Replies that are too old to be run unasked. */
  readonly offer: (late: readonly Post[]) => void;
  /** The keys of the notices that offer such replies. */
  readonly offers: () => readonly string[];
  readonly recheck: (key: string, reactions: readonly Reaction[]) => void;
  /** Whether a reply waits for the session to be idle. */
  readonly isQueued: (id: PostId) => boolean;
  readonly elsewhere: AskedElsewhere;
}): ThreadCatchUp {
  const { runtime, host, gateway, clock, logger, identity, mapping, elsewhere } = deps;
  const { me, owner, channelId } = identity;
  const gate = { me: me.id, owner: owner.id, channelId };
  const retry = { clock, logger, stopped: () => stopped };
  let stopped = false;
  let isPutOff = false;
  let { from } = deps;
  const isElsewhere = (): boolean =>
    !deps.isHeard() || (from !== undefined && gateway.isAlive(from));
  const isOther = (by: InstanceId): boolean => by !== gateway.instanceId && gateway.isAlive(by);
  const toLocal = (serverMs: number): number => toLocalMs(serverMs, { chat: gateway.chat, clock });
  const about = { runtime, host, mapping, toLocal, isElsewhere, isOther };

  const read = async (): Promise<readonly Post[]> =>
    mapping.rootPostId ? gateway.chat.thread(mapping.rootPostId) : [];

  function missedIn(
    posts: readonly Post[],
    stored: ReadonlySet<PostId>,
    claimed: readonly PostId[],
  ): UnansweredReplies {
    const missed = unansweredReplies(posts, gate, { stored, claimed }, gateway.chat.now());
    for (const post of missed.unmarked) runtime.mark(post.id, "eyes");
    return missed;
  }

  /** The mark of a prompt that waits in no process any more reaches its end. */
  function endWaiting(posts: readonly Post[]): void {
    for (const { id, reactions } of posts) {
      const isShown = reactions.some((r) => r.userId === me.id && r.emoji === "inbox_tray");
      const waits = deps.isQueued(id) || promptStanding(runtime.state(), id) === "waits";
      if (isShown && !waits) runtime.mark(id, "eyes");
    }
  }

  /** Replies that another live process took before it lost the thread. Mostly it acts on them. */
  const held = new Set<PostId>();
  const lookAgain = createLookAgain({
    clock,
    logger,
    async look() {
      const posts = await read();
      const restored = await restoreThread({ ...about, posts });
      const taken = held.size > 0 ? missedIn(posts, restored.stored, []) : { recent: [], late: [] };
      const open = [...taken.recent, ...taken.late].filter(({ id }) => held.has(id));
      held.clear();
      // One that is still held comes back by `hold`.
      for (const post of open) await deps.take(post, "again");
      if (!restored.isOpen) endWaiting(posts);
      const isAsked = await elsewhere.look(posts, from, restored.isRunning);
      return restored.isOpen || isAsked || held.size > 0;
    },
  });

  /** Of many that come together the first has all of them looked for. */
  let isLooking = false;

  async function findLate(): Promise<void> {
    isPutOff = isPutOff || gateway.lock.isOn();
    if (isPutOff) {
      isLooking = false;
      return;
    }
    const found = await sessionMapping(gateway.store, mapping.sessionId, logger);
    const settled = (found?.claims ?? []).filter(({ to }) => to !== "run");
    const stored = await promptedPosts(host, mapping.sessionId);
    const claimed = settled.map(({ post }) => post);
    isLooking = false;
    deps.offer(missedIn(await read(), stored, claimed).late);
  }

  /** Their process may have died before it could mark them. */
  function showDone(posts: readonly Post[], claims: readonly ReplyClaim[]): void {
    for (const post of posts) {
      const isDone = claims.some((claim) => claim.post === post.id && claim.to === "done");
      if (!isDone || isMarked(post, me.id)) continue;
      runtime.mark(post.id, deps.isQueued(post.id) ? "inbox_tray" : "eyes");
    }
  }

  /** The kill switch itself works always. */
  function act(posts: readonly Post[], stored: ReadonlySet<PostId>): void {
    isPutOff = gateway.lock.isOn();
    const mayTake = ({ message }: Post): boolean => !isPutOff || isLockCommand(message);
    const claims = mapping.claims ?? [];
    const settled = claims.filter(({ to }) => to !== "run");
    showDone(posts, claims);
    const { recent, late } = missedIn(
      posts,
      stored,
      settled.map(({ post }) => post),
    );
    for (const post of recent.filter(mayTake)) void deps.take(post);
    deps.offer(late.filter(mayTake));
  }

  return {
    async begin(posts) {
      const restored = await untilDone("restoring the thread", retry, async () => {
        try {
          return await restoreThread({ ...about, posts });
        } catch (error) {
          if (isUnauthorized(error)) runtime.say("host/unauthorized", notLetInNotice());
          throw error;
        }
      });
      void untilDone("closing requests that are gone", retry, async () => {
        const isLeft = await elsewhere.look(posts, from, restored?.isRunning === true);
        if (isLeft || isElsewhere() || restored?.isOpen) lookAgain.soon();
      });
      if (restored && !restored.isOpen) endWaiting(posts);
      if (restored) act(posts, restored.stored);
    },
    async goOn() {
      if (!isPutOff) return;
      isPutOff = false;
      await untilDone("reading the thread", retry, async () =>
        act(await read(), await promptedPosts(host, mapping.sessionId)),
      );
    },
    async reactions() {
      const found = await untilDone("reading the reactions", retry, () =>
        missedAnswers(runtime, gateway.chat, owner.id, deps.offers()),
      );
      for (const [key, reactions] of found ?? []) deps.recheck(key, reactions);
    },
    lateCame() {
      if (isLooking) return;
      isLooking = true;
      void untilDone("looking for late replies", retry, findLate);
    },
    hold(post) {
      held.add(post.id);
      lookAgain.on();
    },
    lookAgain: lookAgain.soon,
    tookFrom(owner) {
      from = owner;
      lookAgain.soon();
    },
    wasCalledLost() {
      logger.info(`session ${mapping.sessionId} was called lost and is taken back`);
      runtime.say(`back/${clock.now()}`, backNotice());
      void untilDone("reading the thread", retry, async () => {
        for (const post of await read()) runtime.seen(post);
      });
    },
    stop() {
      stopped = true;
      lookAgain.stop();
    },
  };
}

/**
 * The owner's reactions under what waits, requests and `offers`, by the keys of the posts: those given while nobody listened
 * count too. Rejects where Mattermost does not answer.
 */
async function missedAnswers(
  runtime: ThreadRuntime,
  chat: ChatPort,
  owner: UserId,
  offers: readonly string[],
): Promise<ReadonlyMap<string, readonly Reaction[]>> {
  const { permissions, questions } = runtime.state();
  const keys = [
    ...offers,
    ...permissions.filter((p) => !p.decision).map((p) => `permission/${p.request.id}`),
    ...questions.flatMap((q) => {
      const index = openQuestion(q);
      return index === undefined ? [] : [`question/${q.request.id}/${index}`];
    }),
  ];
  const found = new Map<string, readonly Reaction[]>();
  for (const key of keys) {
    const postId = runtime.postId(key);
    const reactions = postId && (await reactionsOf(chat, postId));
    if (reactions)
      found.set(
        key,
        reactions.filter((reaction) => reaction.userId === owner),
      );
  }
  return found;
}

/** A post that was deleted keeps no other from being read. */
async function reactionsOf(
  chat: ChatPort,
  postId: PostId,
): Promise<readonly Reaction[] | undefined> {
  try {
    return await chat.reactions(postId);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
