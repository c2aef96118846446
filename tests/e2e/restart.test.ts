// OpenCode ends, in order or not, and starts again: its sessions go on in the threads they have.
import { expect, test } from "bun:test";
import {
  belowFirstLine,
  mappingOf,
  newSession,
  prompt,
  startWorld,
  storedAnswers,
} from "../support/world.ts";

test.each(["SIGTERM", "SIGKILL"] as const)(
  "after %s a session that becomes active again goes on in its own thread",
  async (signal) => {
    const world = await startWorld();
    try {
      const first = await world.opencode();
      const { home, directory } = first;
      const sessionId = await newSession(first.client());
      const root = await world.rootOf(sessionId);
      await world.say(root.id, "before the end");
      const before = await world.answered(root.id);
      expect(mappingOf(home, sessionId)).toMatchObject({ rootPostId: root.id, status: "active" });
      await first.kill(signal);
      const ownerBefore = mappingOf(home, sessionId)["owner"];

      const second = await world.opencode({ home, directory });
      const client = second.client();
      const answer = await prompt(client, sessionId, "after the start");
      const after = await world.answered(root.id, answer);
      expect(after.id).not.toBe(before.id);
      expect(after.message).toContain("⌨️");
      expect(after.message).toContain("> after the start");
      expect((await storedAnswers(client, sessionId)).at(-1)).toBe(answer);
      await world.becomes(root.id, /^🟢/);

      await world.say(root.id, "and from the phone");
      await world.answered(root.id, "Scripted answer to: and from the phone");
      expect(world.roots().map(({ id }) => id)).toEqual([root.id]);
      const said = world
        .replies(root.id)
        .map(({ message }) => message.slice(0, message.indexOf(" ")));
      // Whichever can says that the session is interrupted: the process that goes, or the one that starts.
      expect(said.filter((mark) => mark !== "🔌" && mark !== "⚫")).toEqual(["✅", "✅", "✅"]);
      expect(said.length).toBeLessThanOrEqual(4);
      expect(world.mattermost.post(before.id)?.message).toBe(before.message);
      const mapping = mappingOf(home, sessionId);
      expect(mapping).toMatchObject({ rootPostId: root.id, status: "active" });
      expect(mapping["owner"]).not.toBe(ownerBefore);

      const other = await newSession(client);
      const otherRoot = await world.rootOf(other);
      expect(otherRoot.id).not.toBe(root.id);
    } finally {
      await world.stop();
    }
  },
);

test("killed in the middle of a turn: its post does not stay at work, and the thread goes on", async () => {
  const world = await startWorld();
  try {
    const { model } = world;
    model.on("never ends", [[{ text: "Half an answer" }, { gate: "for ever" }]]);
    // The service of OpenCode 2 would go on with the turn by itself.
    const first = await world.opencode({ beside: true });
    const { home, directory } = first;
    const sessionId = await newSession(first.client());
    const root = await world.rootOf(sessionId);
    await world.say(root.id, "never ends");
    const half = await world.reply(root.id, /Half an answer/);
    await first.kill("SIGKILL");

    const second = await world.opencode({ home, directory, beside: true });
    const answer = await prompt(second.client(), sessionId, "go on");
    const last = await world.answered(root.id, answer);
    expect(belowFirstLine(last)).toContain("> go on");
    await world.becomes(half.id, /^🛑 \*\*project\*\* · stopped/);
    expect(world.roots()).toHaveLength(1);
    const others = world.replies(root.id).filter(({ message }) => !message.startsWith("🔌"));
    expect(others.map(({ id }) => id)).toEqual([half.id, last.id]);
  } finally {
    await world.stop();
  }
});
