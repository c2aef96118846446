import type { PostId } from "../models/ids.ts";
import type { SessionLine } from "../models/session-line.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
import type { ChatPort, Clock, MappingStore } from "../ports.ts";
import { isArchivedMark, sessionTitle, stateMark } from "../render/session-card.ts";
import type { ThreadView } from "../thread/ports.ts";
import { toLocalMs } from "../timing/server-time.ts";

/** Reading a card takes a call. Beyond these the state of another process's session is not told. */
const OTHERS_READ = 30;
const NOT_READ = "▫️";

/**
 * Every session of this user on this machine. Those of this process are known; the state of another process's session is
 * read off its card, which that process keeps true.
 */
export function createSessionLister(deps: ListerDeps): () => Promise<readonly SessionLine[]> {
  const { own, others } = createLister(deps);
  return async () => [...own(), ...(await others())];
}

/** As above, those of other processes only. */
export const createOthersLister = (deps: ListerDeps): (() => Promise<readonly SessionLine[]>) =>
  createLister(deps).others;

interface ListerDeps {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly siteUrl: string;
  readonly views: () => readonly ThreadView[];
}

function createLister(deps: ListerDeps) {
  const { chat, store, clock } = deps;
  const link = (rootPostId: PostId | undefined): string =>
    `${deps.siteUrl}/_redirect/pl/${rootPostId ?? ""}`;

  const ofView = ({ mapping, state, sinceMs }: ThreadView): SessionLine => {
    const mark = stateMark(state);
    return {
      id: mapping.sessionId,
      mark,
      project: mapping.project,
      title: sessionTitle(state.session.title),
      link: link(mapping.rootPostId),
      forMs: clock.now() - sinceMs,
      needsUser: mark === "✋",
      ended: state.ended !== undefined || isArchivedMark(mark),
    };
  };

  const unread = (mapping: ThreadMapping): SessionLine => ({
    id: mapping.sessionId,
    mark: NOT_READ,
    project: mapping.project,
    title: sessionTitle(mapping.title),
    link: link(mapping.rootPostId),
    forMs: clock.now() - mapping.updatedAtMs,
    needsUser: false,
    ended: false,
  });

  const ofMapping = async (mapping: ThreadMapping): Promise<SessionLine> => {
    const ended = mapping.status !== "active";
    const card = ended || !mapping.rootPostId ? undefined : await chat.post(mapping.rootPostId);
    const [first = ""] = card?.message.split(" ") ?? [];
    const mark = ended ? endedMark(mapping) : first;
    const editedMs = card ? toLocalMs(card.editedMs, deps) : 0;
    return {
      id: mapping.sessionId,
      mark,
      project: mapping.project,
      title: sessionTitle(mapping.title),
      link: link(mapping.rootPostId),
      forMs: clock.now() - Math.max(mapping.updatedAtMs, editedMs),
      needsUser: mark === "✋",
      ended: ended || isArchivedMark(mark),
    };
  };

  async function others(): Promise<readonly SessionLine[]> {
    const here = new Set(deps.views().map((view) => view.mapping.sessionId));
    const known = (await store.load())
      .filter((m) => !here.has(m.sessionId) && m.rootPostId)
      .sort((a, b) => b.updatedAtMs - a.updatedAtMs);
    const live = known.filter((m) => m.status === "active");
    const over = known.filter((m) => m.status !== "active");
    return Promise.all([
      ...[...live.slice(0, OTHERS_READ), ...over].map(ofMapping),
      ...live.slice(OTHERS_READ).map(unread),
    ]);
  }

  return { own: () => deps.views().map(ofView), others };
}

const endedMark = ({ status }: ThreadMapping): string => (status === "disconnected" ? "🔌" : "⚫");
