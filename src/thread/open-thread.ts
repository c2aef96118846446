import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { SessionInfo } from "../models/host-event.ts";
import type { Identity } from "../models/identity.ts";
import type { InstanceId, PostId } from "../models/ids.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
import type { Clock, Logger } from "../ports.ts";
import { toServerMs } from "../timing/server-time.ts";
import type { ThreadGateway } from "./ports.ts";
import { createPostWriter } from "./posting/post-writer.ts";
import { standingOf } from "./standing.ts";

/** A session this young has no thread that the mappings could have lost. */
const NEW_FOR_MS = 10_000;
/** How far apart this machine's clock and the server's may have been when the thread was made. */
const CLOCKS_APART_MS = 3_600_000;

/** `mine`: this process answers for the thread now. `theirs`: another live one does. */
export type Opened =
  | {
      readonly kind: "mine";
      readonly mapping: ThreadMapping;
      readonly rootPostId: PostId;
      /** What the thread holds already, root included. */
      readonly posts: readonly Post[];
      /** The process that had the thread before; it may still run something there. */
      readonly from?: InstanceId;
      /** The session had another thread, which was deleted in Mattermost. */
      readonly isAnew: boolean;
    }
  | { readonly kind: "theirs" };

export interface OpenRequest {
  readonly session: SessionInfo;
  readonly project: string;
  readonly cardMessage: () => string;
  /** Whether the session works in this process: then a live owner elsewhere gives way. */
  readonly takeOver: boolean;
}

/**
 * Finds or makes the thread of a session. The claim is on disk before the root post is made, so that two processes or
 * two lives of one process do not make two. Rejects where Mattermost or the disk does not do its part; ask again then.
 */
export async function openThread(
  deps: {
    readonly gateway: ThreadGateway;
    readonly identity: Identity;
    readonly clock: Clock;
    readonly logger: Logger;
  },
  request: OpenRequest,
): Promise<Opened> {
  const { gateway, clock } = deps;
  let wasKnown = false;
  let from: InstanceId | undefined;
  const claim = await gateway.store.update(request.session.id, (stored) => {
    wasKnown = stored !== undefined;
    from = stored?.owner === gateway.instanceId ? from : stored?.owner;
    return claimed(stored, deps, request);
  });
  if (claim?.owner !== gateway.instanceId) return { kind: "theirs" };
  const known = claim.rootPostId ? await gateway.chat.thread(claim.rootPostId) : [];
  const root = known[0] ?? (await makeRoot(deps, request, wasKnown));
  const isAnew = claim.rootPostId !== undefined && claim.rootPostId !== root.id;
  const mapping = await gateway.store.update(request.session.id, (stored) =>
    stored && stored.rootPostId !== root.id ? withRoot(stored, root, isAnew, clock.now()) : stored,
  );
  if (!mapping) throw new Error("the mapping was removed while the thread was being made");
  const posts = known.length > 0 ? known : [root];
  return { kind: "mine", mapping, rootPostId: root.id, posts, isAnew, ...(from && { from }) };
}

/** What came before a thread that takes another's place is history for it. */
const withRoot = (
  stored: ThreadMapping,
  { id }: Post,
  isAnew: boolean,
  nowMs: number,
): ThreadMapping => ({
  ...stored,
  rootPostId: id,
  updatedAtMs: nowMs,
  ...(isAnew && { createdAtMs: nowMs }),
});

function claimed(
  stored: ThreadMapping | undefined,
  deps: { readonly gateway: ThreadGateway; readonly identity: Identity; readonly clock: Clock },
  { session, project, takeOver }: OpenRequest,
): ThreadMapping {
  const { gateway, identity, clock } = deps;
  if (stored && !takeOver && standingOf(stored, gateway) === "theirs") return stored;
  const sameChannel = stored?.channelId === identity.channelId;
  return {
    ...(stored && sameChannel ? stored : { createdAtMs: clock.now() }),
    sessionId: session.id,
    channelId: identity.channelId,
    directory: session.directory,
    project,
    title: session.title,
    machineId: gateway.machineId,
    status: "active",
    owner: gateway.instanceId,
    updatedAtMs: clock.now(),
  };
}

/** The writer looks for the root by its key before it makes a second one. */
async function makeRoot(
  deps: {
    readonly gateway: ThreadGateway;
    readonly identity: Identity;
    readonly clock: Clock;
    readonly logger: Logger;
  },
  { session, cardMessage }: OpenRequest,
  wasKnown: boolean,
): Promise<Post> {
  const { gateway, identity, clock, logger } = deps;
  const writer = createPostWriter({ chat: gateway.chat, clock, logger, me: identity.me.id });
  const result = await writer.write({
    channelId: identity.channelId,
    mark: {
      key: "root",
      session_id: session.id,
      directory: session.directory,
      machine_id: gateway.machineId,
    },
    message: cardMessage(),
    urgency: "interactive",
    notBeforeMs: toServerMs(session.createdMs, { chat: gateway.chat, clock }) - CLOCKS_APART_MS,
    searchFirst: wasKnown || clock.now() - session.createdMs > NEW_FOR_MS,
  });
  // For some seconds the server answers a second request with the post that it made for the first one.
  if (result.kind === "written" && !result.post.deleted) return result.post;
  const reason =
    result.kind === "gone"
      ? messageOf(result.error)
      : result.kind === "written"
        ? "it was deleted a moment ago"
        : "stopped";
  throw new Error(`the thread's root post could not be made: ${reason}`);
}
