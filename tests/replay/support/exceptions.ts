import type { Ignored } from "./compare.ts";

/** Twenty replies at once: from the note to the next one. */
const burst = [240, 340] as const;

/** What the newer server's recording shows of its own concurrency. */
export const newerExceptions: readonly Ignored[] = [
  {
    path: /^frame\.data\.thread\.(reply_count|unread_replies|last_reply_at)$/,
    lines: [227, 227],
    why: "told of a deletion, the server counted when the next reply was already stored",
  },
  {
    path: /^(frame\.data\.post|response)\.(reply_count|create_at|update_at)$/,
    lines: burst,
    why: "equal and shuffled moments; each reply is told the count of some moment",
  },
  {
    path: /^frame\.data\.(previous_unread_\w+|thread\.(reply_count|unread_\w+|last_\w+_at))$/,
    lines: burst,
    why: "the server loses counts of its thread rows",
  },
  {
    path: /^frame\.data\.thread\.post\.update_at$/,
    lines: burst,
    why: "the root has the moment of whichever reply was stored last",
  },
  {
    path: /^frame\.data\.previous_unread_mentions$/,
    lines: [344, 344],
    why: "six of twenty mentions survived the burst; here all do",
  },
];

/** What the older server's recording shows of another program that used the same bot. */
export const olderExceptions: readonly Ignored[] = [
  {
    path: /^response\.(total_msg_count|total_msg_count_root|last_post_at)$/,
    lines: [17, 17],
    why: "answered from a cache that had not seen the latest posts",
  },
  { path: /\.email$/, why: "chosen by whoever made the accounts" },
];

/**
 * How many replies the newer server's thread row had lost to the burst; from there on the count
 * that it tells is lower by so many.
 */
export const lostReplies = { fromLine: 341, count: 12 } as const;
