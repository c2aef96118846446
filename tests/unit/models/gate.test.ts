import { describe, expect, test } from "bun:test";
import { type Post, UNREADABLE_PROPS } from "../../../src/models/chat.ts";
import { type Gate, mayPost, mayReact } from "../../../src/models/gate.ts";
import { asChannelId, asPostId, asUserId } from "../../../src/models/ids.ts";

const [ME, OWNER, STRANGER] = ["bot", "alice", "mallory"].map(asUserId) as [
  Gate["me"],
  Gate["owner"],
  Gate["owner"],
];
const GATE: Gate = { me: ME, owner: OWNER, channelId: asChannelId("dm") };

const post = (about: Partial<Post> = {}): Post => ({
  id: asPostId("post"),
  channelId: GATE.channelId,
  userId: OWNER,
  message: "hi",
  type: "",
  createdMs: 1,
  editedMs: 0,
  deleted: false,
  props: {},
  files: [],
  reactions: [],
  ...about,
});

test("the owner may post in the channel and in its threads", () => {
  expect(mayPost(GATE, post())).toBe(true);
  expect(mayPost(GATE, post({ rootId: asPostId("root") }))).toBe(true);
  expect(mayPost(GATE, post({ props: { disable_group_highlight: true } }))).toBe(true);
});

describe("nobody's", () => {
  test.each<[string, Partial<Post>]>([
    ["a stranger's", { userId: STRANGER }],
    ["the bot's own", { userId: ME }],
    ["one of another channel", { channelId: asChannelId("town-square") }],
    ["one of a group channel with the owner and the bot in it", { channelId: asChannelId("gm") }],
    ["a system post", { type: "system_header_change" }],
    ["a post of a custom type", { type: "custom_plugin" }],
    ["a deleted post", { deleted: true }],
    ["a webhook's", { props: { from_webhook: "true" } }],
    ["a webhook's whose prop is forged", { props: { from_webhook: "" } }],
    ["a bot's", { props: { from_bot: "true" } }],
    ["a plugin's", { props: { from_plugin: "true" } }],
    ["an integration's that acts for the owner", { props: { from_oauth_app: "true" } }],
    ["one under another name", { props: { webhook_display_name: "alice" } }],
    ["one whose props cannot be read", { props: UNREADABLE_PROPS }],
    ["one with an undefined prop", { props: { from_webhook: undefined } }],
  ])("%s", (_, about) => {
    expect(mayPost(GATE, post(about))).toBe(false);
  });

  test("where no owner is known", () => {
    const nobody = { ...GATE, owner: asUserId("") };
    expect(mayPost(nobody, post())).toBe(false);
    expect(
      mayReact(nobody, { postId: asPostId("p"), userId: OWNER, emoji: "x", createdMs: 1 }),
    ).toBe(false);
  });

  test("where the bot is its own owner", () => {
    const own = { ...GATE, owner: ME };
    expect(mayPost(own, post({ userId: ME }))).toBe(false);
    expect(mayReact(own, { postId: asPostId("p"), userId: ME, emoji: "x", createdMs: 1 })).toBe(
      false,
    );
  });
});

test("only the owner reacts", () => {
  const by = (userId: Gate["me"]) =>
    mayReact(GATE, { postId: asPostId("p"), userId, emoji: "x", createdMs: 1 });
  expect([OWNER, STRANGER, ME].map(by)).toEqual([true, false, false]);
});
