// What is queued when the run is stopped, fails, or its process dies.
import { describe, expect, test } from "bun:test";
import { StoreError } from "../../src/errors.ts";
import { createBusyThread as createBusy } from "../support/busy-thread.ts";
import { failed, ROOT, status } from "../support/events.ts";

const MINUTES_MS = 60_000;

describe("!stop", () => {
  test("keeps the queue and says so, with ▶️ and 🗑️; ▶️ runs it", async () => {
    const { wrote, clock, end, begin, host, found, marksOf, prompts, reactOn, answerTo } =
      await createBusy();
    await wrote("!queue second");
    await wrote("!queue third");
    const stop = await wrote("!stop");
    expect(host.aborted).toEqual([ROOT]);
    await end();
    await clock.advance(10_000);
    expect(prompts()).toEqual(["first"]);
    const notice = found(/^📥 \*\*2 queued prompts wait\*\*, because the run was stopped/);
    expect(notice.message).toContain("> 1. second\n> 2. third");
    expect(marksOf(notice)).toEqual(["arrow_forward", "wastebasket"]);
    expect(answerTo(stop)).toBeUndefined();

    await reactOn(/queued prompts wait/, "arrow_forward");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["first", "second"]);
    expect(found(/^▶️ 2 queued prompts run now/).id).toBe(notice.id);
    await begin();
    await end();
    expect(prompts()).toEqual(["first", "second", "third"]);
  });

  test("🗑️ drops what was queued then, and nothing that came later", async () => {
    const { wrote, clock, end, found, prompts, reactOn, marksOf, answerTo } = await createBusy();
    const two = await wrote("!queue second");
    await wrote("!stop");
    await end();
    await clock.advance(5_000);
    const three = await wrote("!queue third");
    expect(answerTo(three)).toContain("They wait for you: ▶️ runs them, 🗑️ drops them.");
    await reactOn(/because the run was stopped/, "wastebasket");
    await clock.advance(1_000);
    expect(found(/^🗑️ 1 queued prompt was dropped/)).toBeDefined();
    expect(marksOf(two)).toEqual(["wastebasket"]);
    expect(prompts()).toEqual(["first"]);
    await reactOn(/They wait for you/, "arrow_forward");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["first", "third"]);
  });

  test("🛑 on a post does the same, and so does a stop in the terminal", async () => {
    const { wrote, clock, end, react, mapping, prompts, found } = await createBusy();
    await wrote("!queue second");
    await react(mapping().rootPostId, "octagonal_sign");
    await end();
    await clock.advance(10_000);
    expect(prompts()).toEqual(["first"]);
    expect(found(/because the run was stopped/)).toBeDefined();

    const other = await createBusy();
    await other.wrote("!queue second");
    other.entry.runtime.apply(failed("aborted", ""));
    other.host.statuses.set(ROOT, { kind: "idle" });
    other.entry.runtime.apply(status("idle"));
    await other.clock.advance(10_000);
    expect(other.prompts()).toEqual(["first"]);
    expect(other.found(/because the run was stopped/)).toBeDefined();
  });

  test("a run that failed holds it too, because each of them would", async () => {
    const { wrote, clock, end, prompts, found } = await createBusy();
    await wrote("!queue second");
    await end("failed");
    await clock.advance(10_000);
    expect(prompts()).toEqual(["first"]);
    expect(found(/because the run before them failed/)).toBeDefined();
  });

  test("holds also where the disk takes nothing for a while", async () => {
    const { wrote, store, clock, end, prompts, found } = await createBusy();
    await wrote("!queue second");
    store.failure = new StoreError("no space left", { kind: "io" });
    await wrote("!stop");
    await end();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["first"]);
    store.failure = undefined;
    await clock.advance(60_000);
    expect(prompts()).toEqual(["first"]);
    expect(found(/because the run was stopped/)).toBeDefined();
  });
});

describe("when the process dies", () => {
  test("its order is kept, and the next one runs it when the session is live again", async () => {
    const { wrote, die, takenOver, begin, end, prompts, marksOf } = await createBusy();
    const two = await wrote("!queue second");
    await wrote("!queue third");
    die();
    await takenOver();
    await begin();
    await end();
    await begin();
    await end();
    expect(prompts()).toEqual(["first", "second", "third"]);
    expect(marksOf(two)).toEqual(["eyes"]);
  });

  test.each(["before OpenCode has it", "before it is noted that OpenCode has it"])(
    "over a queued prompt, %s: it runs once",
    async (when) => {
      const { wrote, host, die, takenOver, end, begin, prompts, store, clock } = await createBusy();
      await wrote("!queue second");
      const { update } = store;
      if (when === "before OpenCode has it") host.hang("prompt");
      else {
        store.update = (...given) =>
          prompts().length > 1 ? new Promise(() => undefined) : update(...given);
      }
      await end();
      die();
      store.update = update;
      await takenOver();
      await clock.advance(10_000);
      await begin();
      await end();
      await wrote("go on");
      expect(prompts().filter((text) => text === "second")).toHaveLength(1);
    },
  );

  test("what waited for more than fifteen minutes by then is offered, not run", async () => {
    const { wrote, die, takenOver, clock, prompts, found, reactOn } = await createBusy();
    await wrote("!queue second");
    die();
    await clock.advance(16 * MINUTES_MS);
    await takenOver();
    await clock.advance(10_000);
    expect(prompts()).toEqual(["first"]);
    expect(found(/15 minutes before this session was live again/)).toBeDefined();
    await reactOn(/15 minutes before/, "arrow_forward");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["first", "second"]);
  });

  test("what waits for a word still waits for it, with the same post", async () => {
    const { wrote, die, takenOver, clock, end, prompts, chat, reactOn } = await createBusy();
    await wrote("!queue second");
    await wrote("!stop");
    await end();
    await clock.advance(5_000);
    die();
    await takenOver();
    await clock.advance(10_000);
    expect(prompts()).toEqual(["first"]);
    const notices = chat.posts().filter(({ message }) => /queued prompt waits/.test(message));
    expect(notices).toHaveLength(1);
    await reactOn(/queued prompt waits/, "arrow_forward");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["first", "second"]);
  });

  test("a post that it had put into the queue is not put there twice", async () => {
    const { wrote, die, takenOver, mapping, end, begin, prompts } = await createBusy();
    await wrote("!queue second");
    await wrote("!queue third");
    die();
    await takenOver();
    expect(mapping().queue).toHaveLength(1);
    await begin();
    await end();
    await begin();
    await end();
    expect(prompts()).toEqual(["first", "second", "third"]);
  });
});
