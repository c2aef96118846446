// "I undid it in the terminal, and in the thread it still said ✅." "I had archived the session, and it was 🟢 for weeks."
import { describe, expect, test } from "bun:test";
import { parseHostEvent } from "../../src/clients/opencode/opencode-events.ts";
import { asMessageId } from "../../src/models/ids.ts";
import { renderCard } from "../../src/render/session-card.ts";
import { renderThread } from "../../src/render/thread.ts";
import { initialState, reduce } from "../../src/state/reduce.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";
import { OPTIONS } from "../support/build-state.ts";
import { aSession, NOW, play, promptText, ROOT, user, wholeTurn } from "../support/events.ts";
import { createFakeHost } from "../support/fake-host.ts";
import { statesOf } from "../support/recordings.ts";
import { createStreet } from "../support/several-gateways.ts";

const heads = (state: ThreadState): readonly string[] =>
  renderThread(state, NOW, OPTIONS).map(({ message }) => message.split("\n")[0] ?? "");
const card = (state: ThreadState): string =>
  renderCard(state, {
    project: "project",
    directory: "~/project",
    used: true,
    utcOffsetMinutes: 0,
  });
const UNDONE = /^↩️ undone · ✅ /m;

describe("undo", () => {
  test.each(["opencode/revert-and-unrevert", "opencode-2/compaction-revert"])(
    "as it was recorded is shown in the post and in the card, and goes with redo (%s)",
    (name) => {
      const states = [...statesOf(name)];
      const at = states.findIndex(({ session }) => session.undoneFrom !== undefined);
      const undone = states[at];
      const redone = states.slice(at).find(({ session }) => session.undoneFrom === undefined);
      if (!undone || !redone) throw new Error("Nothing was undone.");
      expect(heads(undone).join("\n")).toMatch(UNDONE);
      expect(card(undone)).toContain("undone; the next prompt makes that final");
      expect(heads(redone).join("\n") + card(redone)).not.toContain("undone");
    },
  );

  const twoTurns = () =>
    play([...wholeTurn("msg_1", 0, "one"), ...wholeTurn("msg_2", 10_000, "two")]);

  test("of the last prompt leaves those before it as they are", () => {
    const session = aSession("ses_root", { undoneFrom: asMessageId("msg_2") });
    const [first, second] = heads(reduce(twoTurns(), { type: "session-updated", session }, NOW));
    expect(first).toStartWith("✅ ");
    expect(second).toMatch(UNDONE);
  });

  test("stays undone when the next prompt has made it final", () => {
    const session = aSession("ses_root", { undoneFrom: asMessageId("msg_2") });
    let state = reduce(twoTurns(), { type: "session-updated", session }, NOW);
    for (const messageID of ["msg_2", "msg_2-a"]) {
      const removed = parseHostEvent({
        type: "message.removed",
        properties: { sessionID: ROOT, messageID },
      });
      if (!removed) throw new Error("That is not understood.");
      state = reduce(state, removed, NOW);
    }
    state = reduce(state, { type: "session-updated", session: aSession() }, NOW);
    for (const event of wholeTurn("msg_3", 20_000, "three")) state = reduce(state, event, NOW);
    const [first, second, third] = heads(state);
    expect([first, third]).toEqual([expect.stringMatching(/^✅/), expect.stringMatching(/^✅/)]);
    expect(second).toMatch(UNDONE);
    expect(card(state)).not.toContain("undone");
  });

  test("shows no words of mine as anything but words", () => {
    const words = "delete *everything* `now` @all\nand more";
    const session = aSession("ses_root", { undoneFrom: asMessageId("msg_1") });
    const begun = initialState(session, { createdMs: 0, id: "" });
    const state = [user("msg_1", 0), promptText("msg_1", words)].reduce(
      (before, event) => reduce(before, event, NOW),
      begun,
    );
    expect(card(state)).not.toContain("*everything*");
    expect(card(state).split("\n").at(-1)).toStartWith("↩️ “delete");
  });
});

describe("an archived session", () => {
  const info = {
    id: ROOT,
    title: "Title",
    directory: "/home/alice/project",
    time: { created: NOW, updated: NOW, archived: NOW + 5 },
  };
  test("is not 🟢, until it works again", () => {
    const event = parseHostEvent({ type: "session.updated", properties: { info } });
    if (!event) throw new Error("That is not understood.");
    const state = reduce(play([]), event, NOW);
    expect(card(state)).toStartWith("🗄️ ");
    const busy = { type: "status", sessionId: ROOT, status: { kind: "busy" } } as const;
    expect(card(reduce(state, busy, NOW))).toStartWith("⏳ ");
  });

  test("is found out where another process has put it aside, and is not listed as live", async () => {
    const { clock, process, rootOf } = createStreet();
    const host = createFakeHost(clock.now);
    const here = process("here", { host });
    await here.up();
    const session = host.add(aSession("ses_1", { createdMs: clock.now(), updatedMs: clock.now() }));
    here.bridge.event({ type: "session-created", session });
    await clock.advance(10_000);
    host.known.set(session.id, { ...session, archivedMs: clock.now() });
    await clock.advance(30_000);
    expect(rootOf(session.id).message).toStartWith("🗄️ ");
    const { commands } = await here.gateway.ready();
    expect((await commands.sessions()).map(({ ended }) => ended)).toEqual([true]);
  });
});
