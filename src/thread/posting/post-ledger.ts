import type { Post } from "../../models/chat.ts";
import type { PostId, SessionId, UserId } from "../../models/ids.ts";
import { readPostMark } from "../../models/post-mark.ts";
import type { LedgerEntry } from "./streamer-plan.ts";

/** So many posts of a thread are known by their key; more than a person scrolls back. */
const LEDGER_KEPT = 1_000;
/** The texts of so many posts are kept, whether or not they are still desired. */
const TEXTS_KEPT = 100;

/** What is known of the posts of one thread. */
export interface PostLedger {
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  put(key: string, change: Partial<LedgerEntry>): void;
  /** The server has taken `message` and answered with the post as it is now. */
  acknowledge(key: string, message: string, post: Post, now: number): void;
  /** The post stays as it is, and another one takes its place. */
  replace(key: string): void;
  /** The key as it stands in the post's props: one of its own for each post that takes another's place. */
  markKey(key: string): string;
  /**
   * Takes over a post of ours as the thread or the socket shows it: an edit that came late, or that another process made, is
   * noted.
   */
  see(post: Post): Sighting;
  keyOf(postId: PostId): string | undefined;
  /** The post for a key, once it is in the thread. */
  postId(key: string): PostId | undefined;
  /** When that post was made, in Unix milliseconds of the server. */
  postedMs(key: string): number | undefined;
  /** The post is not there any more. */
  removed(postId: PostId): void;
  /** Posts that are not desired any more stay as they are: of them only the place is remembered. */
  forget(desired: ReadonlySet<string>): void;
}

interface Sighting {
  /** It is not as this ledger left it. */
  readonly isForeign: boolean;
  /** To be removed: two were made for one key. The earlier one stays, so that everybody who looks decides alike. */
  readonly extra?: PostId;
}

const AS_KNOWN: Sighting = { isForeign: false };
const FOREIGN: Sighting = { isForeign: true };

const BLANK: LedgerEntry = {
  message: "",
  stored: "",
  createdMs: 0,
  storedMs: 0,
  marks: [],
  editedMs: 0,
  frozen: false,
};

export function createPostLedger(me: UserId, sessionId: SessionId): PostLedger {
  const entries = new Map<string, LedgerEntry>();
  const versions = new Map<string, number>();

  const put = (key: string, change: Partial<LedgerEntry>): void => {
    entries.set(key, { ...BLANK, ...entries.get(key), ...change });
  };

  const adopt = (key: string, post: Post): void => {
    const { id: postId, message, createdMs, editedMs } = post;
    const marks = post.reactions.filter((r) => r.userId === me).map((r) => r.emoji);
    const storedMs = Math.max(createdMs, editedMs);
    put(key, { postId, message, stored: message, createdMs, storedMs, marks, frozen: false });
  };

  function see(post: Post): Sighting {
    const mark = post.userId === me && !post.deleted ? readPostMark(post.props) : undefined;
    return mark?.session_id === sessionId ? compare(post, readKey(mark.key)) : AS_KNOWN;
  }

  function compare(post: Post, { key, version }: PostKey): Sighting {
    const newest = versions.get(key) ?? 0;
    if (version < newest) return AS_KNOWN;
    if (version > newest) versions.set(key, version);
    const entry = version > newest ? undefined : entries.get(key);
    if (entry?.postId && entry.postId !== post.id) {
      return { isForeign: true, extra: doubled(key, entry, entry.postId, post) };
    }
    if (!entry) {
      adopt(key, post);
      return FOREIGN;
    }
    if (!entry.postId || !isLateEdit(entry, post)) return AS_KNOWN;
    put(key, { message: post.message, stored: post.message, storedMs: post.editedMs });
    return FOREIGN;
  }

  function doubled(key: string, entry: LedgerEntry, known: PostId, post: Post): PostId {
    const order = post.createdMs - entry.createdMs;
    const isEarlier = order < 0 || (order === 0 && post.id < known);
    if (!isEarlier) return post.id;
    adopt(key, post);
    return known;
  }

  return {
    entries,
    put,
    acknowledge(key, message, post, now) {
      put(key, {
        postId: post.id,
        message,
        stored: post.message,
        createdMs: post.createdMs,
        storedMs: Math.max(post.createdMs, post.editedMs),
        editedMs: now,
      });
    },
    replace(key) {
      versions.set(key, (versions.get(key) ?? 0) + 1);
      entries.delete(key);
    },
    markKey(key) {
      const version = versions.get(key);
      return version ? `${key}~${version}` : key;
    },
    see,
    keyOf: (postId) => [...entries].find(([, entry]) => entry.postId === postId)?.[0],
    postId: (key) => entries.get(key)?.postId,
    postedMs(key) {
      const { postId, createdMs } = entries.get(key) ?? BLANK;
      return postId && createdMs;
    },
    removed(postId) {
      for (const [key, entry] of entries) if (entry.postId === postId) entries.delete(key);
    },
    forget(desired) {
      if (entries.size < TEXTS_KEPT) return;
      for (const [key, entry] of entries) {
        if (desired.has(key)) continue;
        if (entries.size > LEDGER_KEPT) {
          entries.delete(key);
          versions.delete(key);
        } else if (entry.message !== undefined) put(key, { message: undefined, stored: "" });
      }
    },
  };
}

/** An old edit that reached the server late shows here: the text is not what was acknowledged last. */
const isLateEdit = (entry: LedgerEntry, post: Post): boolean =>
  !entry.frozen && post.editedMs >= entry.storedMs && post.message !== entry.stored;

interface PostKey {
  readonly key: string;
  /** How many posts had the key before this one. */
  readonly version: number;
}

function readKey(markKey: string): PostKey {
  const match = /^(.*)~(\d+)$/.exec(markKey);
  return { key: match?.[1] ?? markKey, version: Number(match?.[2] ?? 0) };
}
