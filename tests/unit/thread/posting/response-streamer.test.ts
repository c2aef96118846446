import { describe, expect, test } from "bun:test";
import { noAnswer, refused } from "../../../support/fake-chat.ts";
import { createStreaming, final, INTERVAL_MS, live, SOON_MS } from "../../../support/streaming.ts";

describe("order", () => {
  test("a text that moves is in its new place before it leaves the old one", async () => {
    const { want, clock, calls, texts, chat, rootId } = await createStreaming();
    want(live("turn/0", "work and answer"));
    await clock.advance(SOON_MS);
    const seen: string[] = [];
    chat.listen(() => {
      const posts = chat.posts().filter((post) => post.rootId === rootId);
      seen.push(posts.map((post) => post.message).join(" | "));
    });
    want(final("turn/0", "work"), final("turn/answer", "answer"));
    await clock.advance(SOON_MS);
    expect(calls()).toEqual(["createPost work and answer", "createPost answer", "editPost work"]);
    expect(texts()).toEqual(["work", "answer"]);
    expect(seen.every((thread) => thread.includes("answer"))).toBe(true);
  });

  test("what is missing is made in reading order, one call at a time", async () => {
    const { want, clock, chat, calls } = await createStreaming();
    const hold = chat.faults.hang("createPost");
    want(final("a"), final("b"), live("c"));
    await clock.advance(1_000);
    expect(calls()).toEqual(["createPost a"]);
    hold.release();
    await clock.advance(SOON_MS);
    expect(calls()).toEqual(["createPost a", "createPost b", "createPost c"]);
  });

  test("final texts go before live ones, what a person waits for before what looks nicer", async () => {
    const { want, clock, calls } = await createStreaming();
    const posts = (text: string) => [
      live("clock", `clock ${text}`, { urgency: "cosmetic" }),
      live("work", `work ${text}`),
      final("sum", `sum ${text}`),
      final("asks", `asks ${text}`, { urgency: "interactive" }),
    ];
    want(...posts("1"));
    await clock.advance(INTERVAL_MS);
    want(...posts("2"));
    await clock.advance(SOON_MS);
    expect(calls().slice(4)).toEqual([
      "editPost asks 2",
      "editPost sum 2",
      "editPost work 2",
      "editPost clock 2",
    ]);
  });

  test("a new post is made with the text that pings, and edited to the one that stays", async () => {
    const { want, clock, calls } = await createStreaming();
    want(final("a", "stays", { firstMessage: "pings" }));
    await clock.advance(SOON_MS);
    expect(calls()).toEqual(["createPost pings", "editPost stays"]);
  });
});

describe("the newest state wins", () => {
  test("ten changes during one slow edit are one further edit", async () => {
    const { want, clock, chat, calls } = await createStreaming();
    want(live("a", "0"));
    await clock.advance(INTERVAL_MS);
    const hold = chat.faults.hang("editPost");
    want(live("a", "1"));
    await clock.advance(SOON_MS);
    await hold.reached;
    for (let n = 2; n <= 11; n++) want(live("a", String(n)));
    await clock.advance(INTERVAL_MS);
    hold.release();
    await clock.advance(INTERVAL_MS);
    expect(calls()).toEqual(["createPost 0", "editPost 1", "editPost 11"]);
  });

  test("live texts keep their interval, final ones do not wait", async () => {
    const { want, clock, texts, calls } = await createStreaming();
    want(live("a", "0"));
    await clock.advance(SOON_MS);
    for (let n = 1; n <= 20; n++) {
      want(live("a", String(n)));
      await clock.advance(50);
    }
    expect(calls().length).toBeLessThanOrEqual(1 + 1_000 / INTERVAL_MS);
    want(final("a", "end"));
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["end"]);
  });

  test("equal text is never sent", async () => {
    const { want, clock, calls, streamer } = await createStreaming();
    for (const post of [live("a"), final("a"), live("a")]) {
      want(post);
      streamer.changed();
      await clock.advance(10_000);
    }
    expect(calls()).toEqual(["createPost a"]);
  });

  test("a text that is wanted, and then the old one again, while the edit runs", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(final("a", "old"));
    await clock.advance(SOON_MS);
    const hold = chat.faults.hang("editPost");
    want(final("a", "new"));
    await clock.advance(SOON_MS);
    await hold.reached;
    want(final("a", "old"));
    hold.release();
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["old"]);
  });

  test("a change in the moment in which everything is in order is not lost", async () => {
    const { want, clock, texts, streamer } = await createStreaming();
    for (const text of ["1", "2"]) {
      want(final("a", text));
      await Promise.all([streamer.settled(), clock.advance(SOON_MS)]);
    }
    want(final("a", "3"));
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["3"]);
  });

  test("what takes long to render is not rendered for every change", async () => {
    const { want, clock, texts, cost, renderings } = await createStreaming();
    want(live("a", "0"));
    await clock.advance(SOON_MS);
    cost.ms = 20;
    const before = renderings();
    for (let n = 1; n <= 1_000; n++) {
      want(live("a", String(n)));
      await clock.advance(1);
    }
    expect(renderings() - before).toBeLessThan(25);
    want(final("a", "end"));
    await clock.advance(500);
    expect(texts()).toEqual(["end"]);
  });

  test("the clock was put back: live texts go on", async () => {
    const { want, clock, texts } = await createStreaming();
    want(live("a", "1"));
    await clock.advance(SOON_MS);
    clock.shift(-3_600_000);
    want(live("a", "2"));
    await clock.advance(INTERVAL_MS);
    expect(texts()).toEqual(["2"]);
  });
});

describe("marks", () => {
  test("are put, and taken away when they are not wanted any more", async () => {
    const { want, clock, chat, calls } = await createStreaming();
    const marks = () =>
      chat
        .posts()
        .at(-1)
        ?.reactions.map((r) => r.emoji);
    want(final("ask", "?", { marks: ["one", "two"] }));
    await clock.advance(SOON_MS);
    expect(marks()).toEqual(["one", "two"]);
    want(final("ask", "decided", { marks: [] }));
    await clock.advance(SOON_MS);
    expect(marks()).toEqual([]);
    expect(calls()[3]).toBe("editPost decided");
  });

  test("that are refused stop neither the text nor the other marks", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    chat.faults.fail("react", refused("api.context.permissions.app_error", 403));
    want(final("ask", "?", { marks: ["one", "two"] }));
    await clock.advance(SOON_MS);
    expect(
      chat
        .posts()
        .at(-1)
        ?.reactions.map((r) => r.emoji),
    ).toEqual(["two"]);
    want(final("ask", "decided", { marks: [] }));
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["decided"]);
    expect(chat.posts().at(-1)?.reactions).toEqual([]);
  });
});

describe("a text that became shorter", () => {
  test("leaves no continuation behind once it is whole", async () => {
    const { want, clock, texts } = await createStreaming();
    want(live("t/0", "long"), live("t/0.1", "text"), final("u/0.1", "another's"));
    await clock.advance(SOON_MS);
    want(live("t/0", "sh"), final("u/0.1", "another's"));
    await clock.advance(60_000);
    expect(texts()).toEqual(["sh", "text", "another's"]);
    want(final("t/0", "short"), final("u/0.1", "another's"));
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["short", "another's"]);
    want(final("t/0", "short"), final("t/0.1", "after all"));
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["short", "another's", "after all"]);
  });

  test("keeps it where the first post could not be changed", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(live("t/0", "long"), live("t/0.1", "text"));
    await clock.advance(SOON_MS);
    chat.faults.fail("editPost", refused("model.post.is_valid.msg.app_error"));
    want(final("t/0", "short"));
    await clock.advance(60_000);
    expect(texts()).toEqual(["long", "text"]);
  });
});

describe("files", () => {
  const withFile = final("ask", "see the file", { files: [{ name: "a.diff", text: "+1" }] });

  test("are attached when the post is made", async () => {
    const { want, clock, chat } = await createStreaming();
    want(withFile);
    await clock.advance(SOON_MS);
    expect(chat.posts().at(-1)?.files).toMatchObject([{ name: "a.diff", sizeBytes: 2 }]);
  });

  test("that the server does not take do not keep the post back: it says so, until it changes", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    chat.faults.fail("upload", refused("api.file.attachments.disabled.app_error", 501));
    want(withFile, final("b"));
    await clock.advance(SOON_MS);
    const said = "see the file\n⚠️ Mattermost did not take the file: see OpenCode's own screen.";
    expect(texts()).toEqual([said, "b"]);
    await clock.advance(60_000);
    expect(texts()).toEqual([said, "b"]);
    want({ ...withFile, message: "decided" }, final("b"));
    await clock.advance(60_000);
    expect(texts()).toEqual(["decided", "b"]);
  });

  test("whose upload is lost are sent again", async () => {
    const { want, clock, chat } = await createStreaming();
    chat.faults.fail("upload", noAnswer());
    want(withFile);
    await clock.advance(5_000);
    expect(chat.posts().at(-1)?.files).toHaveLength(1);
  });
});

describe("settled", () => {
  test("waits for what is live too, and for the last failure", async () => {
    const { want, clock, chat, streamer } = await createStreaming();
    want(live("a", "1"));
    await Promise.all([streamer.settled(), clock.advance(SOON_MS)]);
    chat.faults.fail("editPost", noAnswer());
    want(live("a", "2"));
    let isSettled = false;
    const settled = streamer.settled().then(() => {
      isSettled = true;
    });
    await clock.advance(INTERVAL_MS);
    expect(isSettled).toBe(false);
    expect(streamer.lacking()).toEqual(["a"]);
    await clock.advance(10_000);
    await settled;
    expect(streamer.lacking()).toEqual([]);
  });

  test("after it was stopped it waits for nothing, and nothing more is sent", async () => {
    const { want, clock, streamer, chat, calls } = await createStreaming();
    chat.faults.fail("createPost", noAnswer());
    want(final("a"));
    await clock.advance(SOON_MS);
    const settled = streamer.settled();
    streamer.stop();
    await settled;
    await streamer.settled();
    want(final("b"));
    await clock.advance(60_000);
    expect(calls()).toEqual(["createPost a"]);
    expect(clock.timers()).toBe(0);
  });
});
