import { runCommand } from "./command-handler.ts";
import type { CommandPort } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Identity } from "./identity.ts";
import { routeMessage } from "./message-router.ts";
import type { Post } from "./models/chat.ts";
import type { InstanceId, PostId, SessionId } from "./models/ids.ts";
import { type PostMark, readPostMark } from "./models/post-key.ts";
import type { Route } from "./models/routing.ts";
import type { ThreadMapping } from "./models/thread-mapping.ts";
import type { ChatPort, MappingStore } from "./ports.ts";
import {
  notAcceptedNotice,
  overNotice,
  unknownThreadNotice,
  waitsForResumeNotice,
} from "./render/notice.ts";

/** So many claims of a thread are kept. */
const CLAIMS_KEPT = 50;
const READER_DIED = "the OpenCode that read this was closed before it could act on it";

/** Replies in threads that this process does not have: answered where no other live process has them. */
export interface OrphanReplies {
  post(post: Post, wasMissed: boolean): Promise<void>;
}

export function createOrphanReplies(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly identity: Identity;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly wasPrompted: (session: SessionId, post: PostId) => Promise<boolean>;
  readonly bridge: CommandPort;
  /** Posts an answer, once for each post and kind. */
  readonly answer: (post: Post, text: string, kind?: string) => Promise<void>;
}): OrphanReplies {
  const { chat, store, identity, instanceId, machineId, answer } = deps;

  /** A thread that no sink of this process has. Its root says more than the file, which may not have it yet. */
  async function reply(post: Post, wasMissed: boolean): Promise<void> {
    const mappings = await store.load();
    const known = mappings.find((m) => m.rootPostId === post.rootId);
    const mark = known ? undefined : await markOfRoot(post);
    if (mark && mark.machine_id !== machineId) return;
    const mapping = known ?? mappings.find((m) => m.sessionId === mark?.session_id);
    if (mapping) await mapped(post, mapping, wasMissed);
    else await answer(post, unknownThreadNotice());
  }

  async function markOfRoot(post: Post): Promise<PostMark | undefined> {
    const root = post.rootId && (await chat.post(post.rootId));
    const mark = root && root.userId === identity.me.id ? readPostMark(root.props) : undefined;
    return mark?.key === "root" ? mark : undefined;
  }

  async function mapped(post: Post, mapping: ThreadMapping, wasMissed: boolean): Promise<void> {
    const by = mapping.claims?.find((claim) => claim.post === post.id)?.by;
    const isOpen = by === undefined ? !isTaken(mapping) : !deps.isAlive(by);
    if (!isOpen || (await wasPrompted(mapping.sessionId, post.id))) return;
    const status = mapping.status === "active" ? "disconnected" : mapping.status;
    const route = routeMessage(post.message, { place: "thread", status }, COMMANDS);
    // A reply that nobody could answer runs when its session is back; the answer must not make it look dealt with.
    const waits = wasMissed && by === undefined && route.type !== "command";
    if (waits) return answer(post, waitsForResumeNotice(mapping.sessionId), "waits");
    if (await claim(post, mapping.sessionId, by)) await act(post, mapping, route);
  }

  async function act(post: Post, mapping: ThreadMapping, route: Route): Promise<void> {
    const { status, sessionId } = mapping;
    if (route.type === "command") {
      const where = { place: route.place, bridge: deps.bridge, sessionId };
      return answer(post, await runCommand(COMMANDS, route.command, where));
    }
    if (isTaken(mapping)) return answer(post, notAcceptedNotice(READER_DIED));
    await answer(post, overNotice(status === "active" ? "disconnected" : status, sessionId));
  }

  const wasPrompted = (session: SessionId, post: PostId): Promise<boolean> =>
    deps.wasPrompted(session, post).catch(() => false);

  const isTaken = ({ owner }: ThreadMapping): boolean => owner !== undefined && deps.isAlive(owner);

  /**
   * A claimed reply is left alone by a process that takes the thread; `false` where one has taken it before. The claim of a
   * process that died passes on.
   */
  async function claim(
    { id }: Post,
    sessionId: SessionId,
    from: InstanceId | undefined,
  ): Promise<boolean> {
    const kept = await store.update(sessionId, (stored) => {
      if (!stored) return stored;
      const { claims = [] } = stored;
      const holder = claims.find(({ post }) => post === id)?.by;
      if (holder !== from || (from === undefined && isTaken(stored))) return stored;
      const others = claims.filter(({ post }) => post !== id);
      return { ...stored, claims: [...others, { post: id, by: instanceId }].slice(-CLAIMS_KEPT) };
    });
    return !kept || kept.claims?.some(({ post, by }) => post === id && by === instanceId) === true;
  }

  return { post: reply };
}
