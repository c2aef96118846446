// Which of the owner's replies nobody has acted on, as the thread and OpenCode show it.
import { describe, expect, test } from "bun:test";
import type { Post } from "../../../src/models/chat.ts";
import { asChannelId, asPostId, asUserId, type PostId } from "../../../src/models/ids.ts";
import { writePostMark } from "../../../src/models/post-mark.ts";
import {
  type UnansweredReplies,
  unansweredReplies,
} from "../../../src/thread/unanswered-replies.ts";

const ME = asUserId("bot");
const OWNER = asUserId("alice");
const GATE = { me: ME, owner: OWNER, channelId: asChannelId("dm") };
const NOW = 1_700_000_000_000;
const ID = asPostId("reply");

const aPost = (about: Partial<Post> = {}): Post => ({
  id: ID,
  channelId: GATE.channelId,
  userId: OWNER,
  rootId: asPostId("root"),
  message: "go on",
  type: "",
  createdMs: NOW - 1_000,
  editedMs: 0,
  deleted: false,
  props: {},
  files: [],
  reactions: [],
  ...about,
});

const marked = (emoji: string, by = ME): Partial<Post> => ({
  reactions: [{ postId: ID, userId: by, emoji, createdMs: NOW }],
});

const answered = (key: string, by = ME): Post =>
  aPost({
    id: asPostId("answer"),
    userId: by,
    props: writePostMark({ key, session_id: "ses_1", machine_id: "machine" }),
  });

/** In which of the lists the reply is. */
function placeOf(
  thread: readonly Post[],
  known: { readonly stored?: readonly PostId[]; readonly claimed?: readonly PostId[] } = {},
): keyof UnansweredReplies | "dealt with" {
  const { stored = [], claimed = [] } = known;
  const missed = unansweredReplies(thread, GATE, { stored: new Set(stored), claimed }, NOW);
  const places = (["recent", "late", "unmarked"] as const).filter((name) =>
    missed[name].some(({ id }) => id === ID),
  );
  expect(places.length).toBeLessThanOrEqual(1);
  return places[0] ?? "dealt with";
}

describe("a reply", () => {
  test.each<[string, readonly Post[], ReturnType<typeof placeOf>]>([
    ["that nothing was done with", [aPost()], "recent"],
    ["with the bot's 👀", [aPost(marked("eyes"))], "dealt with"],
    ["with the bot's 📥", [aPost(marked("inbox_tray"))], "dealt with"],
    ["with a 👀 of the owner's own", [aPost(marked("eyes", OWNER))], "recent"],
    ["with another mark of the bot's", [aPost(marked("white_check_mark"))], "recent"],
    ["that the bot answered", [aPost(), answered(`reply/${ID}`)], "dealt with"],
    ["that was told to wait", [aPost(), answered(`waits/${ID}`)], "recent"],
    ["beside which another was answered", [aPost(), answered("reply/other")], "recent"],
    ["that somebody else pretends to answer", [aPost(), answered(`reply/${ID}`, OWNER)], "recent"],
    ["of a minute less than a quarter", [aPost({ createdMs: NOW - 14 * 60_000 })], "recent"],
    ["of a quarter of an hour", [aPost({ createdMs: NOW - 15 * 60_000 })], "late"],
    ["that is not the owner's", [aPost({ userId: asUserId("mallory") })], "dealt with"],
    ["that was deleted", [aPost({ deleted: true })], "dealt with"],
  ])("%s", (_, thread, place) => {
    expect(placeOf(thread)).toBe(place);
  });

  test("that OpenCode has stored lacks its mark only", () => {
    expect(placeOf([aPost()], { stored: [ID] })).toBe("unmarked");
    expect(placeOf([aPost(marked("eyes"))], { stored: [ID] })).toBe("dealt with");
  });

  test("that a process has acted on, as the mappings say, is dealt with", () => {
    expect(placeOf([aPost()], { claimed: [ID] })).toBe("dealt with");
    expect(placeOf([aPost()], { claimed: [asPostId("other")] })).toBe("recent");
  });
});

test("what was missed comes in the order of the thread", () => {
  const thread = ["one", "two", "three"].map((id) => aPost({ id: asPostId(id) }));
  const { recent } = unansweredReplies(thread, GATE, { stored: new Set(), claimed: [] }, NOW);
  expect(recent.map(({ id }) => String(id))).toEqual(["one", "two", "three"]);
});
