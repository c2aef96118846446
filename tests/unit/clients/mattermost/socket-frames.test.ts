import { describe, expect, test } from "bun:test";
import { readFrame } from "../../../../src/clients/mattermost/socket-frames.ts";

const post = { id: "p", channel_id: "c", user_id: "u", message: "hi", create_at: 1 };
const reaction = { user_id: "u", post_id: "p", emoji_name: "eyes" };
const frame = (event: string, data: unknown, seq: unknown = 7): string =>
  JSON.stringify({ event, data, broadcast: {}, seq });

describe("a frame", () => {
  test.each([
    ["posted", { post: JSON.stringify(post), channel_type: "D" }, "posted"],
    ["post_edited", { post: JSON.stringify(post) }, "edited"],
    ["post_deleted", { post: JSON.stringify(post) }, "post-deleted"],
    ["reaction_added", { reaction: JSON.stringify(reaction) }, "reaction-added"],
    ["reaction_removed", { reaction: JSON.stringify(reaction) }, "reaction-removed"],
  ])("%s is read through both layers of JSON", (name, data, type) => {
    expect(readFrame(frame(name, data))).toMatchObject({ kind: "event", seq: 7, event: { type } });
  });

  test("that greets, and one that answers", () => {
    const hello = { kind: "hello", seq: 0, connectionId: "x" };
    expect(readFrame(frame("hello", { connection_id: "x" }, 0))).toMatchObject(hello);
    expect(readFrame(frame("hello", null, 0))).toMatchObject({ kind: "hello", connectionId: "" });
    expect(readFrame('{"status":"OK","seq_reply":1}')).toEqual({ kind: "answer", ok: true });
    expect(readFrame('{"status":"FAIL","seq_reply":1}')).toEqual({ kind: "answer", ok: false });
  });

  test.each(["typing", "status_change", "constructor", "toString", "__proto__"])(
    "%s is of no interest, but counts",
    (name) => {
      expect(readFrame(frame(name, {}))).toEqual({ kind: "event", seq: 7, event: undefined });
    },
  );

  test.each([
    ["is no JSON", frame("posted", { post: "{not json" })],
    ["is another thing", frame("posted", { post: "[1, 2]" })],
    ["is not there", frame("posted", {})],
    ["is no text", frame("reaction_added", { reaction })],
    ["has no data", frame("post_edited", null)],
  ])("of interest whose inside %s counts, and is nothing else", (_, text) => {
    expect(readFrame(text)).toEqual({ kind: "unreadable", seq: 7 });
  });

  test.each(["", "x", "null", "1", "[]", "{}", '{"event":1}', frame("posted", {}, "7")])(
    "%j is malformed",
    (text) => {
      expect(readFrame(text)).toEqual({ kind: "malformed" });
    },
  );
});
