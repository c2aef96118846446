import { runCommand } from "../../commands/command-handler.ts";
import { COMMANDS } from "../../commands/index.ts";
import {
  isLockCommand,
  isOfAnyAge,
  parseCommand,
  routePost,
} from "../../commands/message-router.ts";
import type { Post } from "../../models/chat.ts";
import type { Identity } from "../../models/identity.ts";
import type { InstanceId, PostId, SessionId } from "../../models/ids.ts";
import { type PostMark, readPostMark } from "../../models/post-mark.ts";
import type { Route } from "../../models/routing.ts";
import type { ReplyClaim, ThreadMapping } from "../../models/thread-mapping.ts";
import type { ChatPort, CommandPort, Logger, MappingStore } from "../../ports.ts";
import { withFilesOf } from "../../render/files-of-command.ts";
import {
  notAcceptedNotice,
  otherThreadNotice,
  overNotice,
  tooLateNotice,
  unknownThreadNotice,
  waitsForResumeNotice,
} from "../../render/notice.ts";
import { refusalText } from "../../render/refusal.ts";
import { claimOf, withClaim } from "../../thread/reply-claims.ts";
import { standingOf } from "../../thread/standing.ts";
import { isTooOld } from "../../thread/unanswered-replies.ts";
import type { GiveAnswer } from "./main-dm-answers.ts";

const READER_DIED = "the OpenCode that read this was closed before it could act on it";

/** Replies in threads that this process does not have: answered where no other live process has them. */
export interface DesertedReplies {
  post(post: Post, wasMissed: boolean): Promise<void>;
}

export function createDesertedReplies(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly logger: Logger;
  readonly identity: Identity;
  /** The server's address, for where it does not know its own. */
  readonly url: string;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly wasPrompted: (
    session: SessionId,
    post: Pick<Post, "id" | "createdMs">,
  ) => Promise<boolean>;
  readonly bridge: CommandPort;
  readonly answer: GiveAnswer;
}): DesertedReplies {
  const { chat, store, logger, identity, instanceId, machineId, answer } = deps;
  /** Told to wait for their session. */
  const waiting = new Set<PostId>();

  /** A thread that no sink of this process has. Its root says more than the file, which may not have it yet. */
  async function reply(post: Post, wasMissed: boolean): Promise<void> {
    const mappings = await store.load();
    const known = mappings.find((m) => m.rootPostId === post.rootId);
    const mark = known ? undefined : await markOfRoot(post);
    const elsewhere = known?.machineId ?? mark?.machine_id;
    if (elsewhere !== undefined && elsewhere !== machineId) return;
    const mapping = known ?? mappings.find((m) => m.sessionId === mark?.session_id);
    const isOther = mapping?.rootPostId !== undefined && mapping.rootPostId !== post.rootId;
    if (mapping && !isOther) await mapped(post, mapping, wasMissed);
    else await answer(post, await noSessionsText(post, mapping?.rootPostId));
  }

  /** The kill switch works in every thread, also in one that is no session's, or not any more. */
  async function noSessionsText(
    { message, createdMs: writtenMs }: Post,
    itsThread: PostId | undefined,
  ): Promise<string> {
    if (isLockCommand(message)) {
      const { name = "" } = parseCommand(message) ?? {};
      const where = { place: "thread", bridge: deps.bridge, writtenMs } as const;
      return (await runCommand(COMMANDS, { name, args: "" }, where)).text;
    }
    return itsThread ? otherThreadNotice(linkTo(itsThread)) : unknownThreadNotice();
  }

  const linkTo = (id: PostId): string =>
    `${identity.limits.siteUrl || deps.url}/_redirect/pl/${id}`;

  async function markOfRoot(post: Post): Promise<PostMark | undefined> {
    const root = post.rootId && (await chat.post(post.rootId));
    const mark = root && root.userId === identity.me.id ? readPostMark(root.props) : undefined;
    return mark?.key === "root" ? mark : undefined;
  }

  async function mapped(post: Post, mapping: ThreadMapping, wasMissed: boolean): Promise<void> {
    const known = claimOf(mapping, post.id);
    const abandoned = known?.to === "refuse";
    if (isOthers(mapping, known) || (await wasPrompted(mapping.sessionId, post))) return;
    const status = mapping.status === "active" ? "disconnected" : mapping.status;
    const route = routePost(post, { place: "thread", status }, COMMANDS);
    // A reply that nobody could answer runs when its session is back; the answer must not make it look dealt with.
    const waits = wasMissed && !abandoned && route.type !== "command";
    if (waits) return wait(post, mapping.sessionId);
    // The socket may show again what was missed.
    if (!waiting.has(post.id) && (await claim(post, mapping.sessionId, known))) {
      await act(post, mapping, route, abandoned);
    }
  }

  /** It has been acted on, or there is a live process to do so. */
  const isOthers = (mapping: ThreadMapping, known: ReplyClaim | undefined): boolean =>
    known?.to === "done" ||
    (known !== undefined && deps.isAlive(known.by)) ||
    (known?.to !== "refuse" && isTaken(mapping));

  async function wait(post: Post, sessionId: SessionId): Promise<void> {
    waiting.add(post.id);
    await answer(post, waitsForResumeNotice(sessionId), "waits");
  }

  /** `wasBegun`: the leader before may have answered, though it shows nowhere yet. */
  async function act(
    post: Post,
    mapping: ThreadMapping,
    route: Route,
    wasBegun: boolean,
  ): Promise<void> {
    const say = (text: string): Promise<void> => answer(post, text, "reply", wasBegun);
    const { status, sessionId } = mapping;
    const isLate = isTooOld(post, chat.now()) && !isOfAnyAge(route, COMMANDS);
    if (route.type === "command" && isLate) {
      return say(tooLateNotice(Math.round((chat.now() - post.createdMs) / 60_000)));
    }
    if (route.type === "command") {
      const who = identity.owner.username;
      logger.info(`@${who} gives the command !${route.command.name}`, { post: post.id, sessionId });
      const { createdMs: writtenMs } = post;
      const where = { place: route.place, bridge: deps.bridge, sessionId, writtenMs };
      const { text } = await runCommand(COMMANDS, route.command, where);
      return say(withFilesOf(post, text));
    }
    if (isTaken(mapping)) return say(notAcceptedNotice(READER_DIED));
    const over = overNotice(status === "active" ? "disconnected" : status, sessionId);
    await say(route.type === "thread-prompt" ? over : refusalText(route, sessionId));
  }

  const wasPrompted = (session: SessionId, post: Post): Promise<boolean> =>
    deps.wasPrompted(session, post).catch(() => false);

  const isTaken = (mapping: ThreadMapping): boolean =>
    ["mine", "theirs"].includes(standingOf(mapping, deps));

  /** `false` where another process has taken the reply or the thread since. */
  async function claim(
    { id }: Post,
    sessionId: SessionId,
    known: ReplyClaim | undefined,
  ): Promise<boolean> {
    const mine: ReplyClaim = { post: id, by: instanceId, to: "refuse" };
    const kept = await store.update(sessionId, (stored) => {
      if (!stored) return stored;
      const isSame = claimOf(stored, id)?.by === known?.by;
      const isFree = known?.to === "refuse" || !isTaken(stored);
      return isSame && isFree ? withClaim(stored, mine) : stored;
    });
    const held = kept && claimOf(kept, id);
    return !kept || (held?.by === instanceId && held.to === "refuse");
  }

  return { post: reply };
}
