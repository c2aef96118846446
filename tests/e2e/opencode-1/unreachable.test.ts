// Mattermost is not there when OpenCode starts: nobody waits for it, and nothing is missing when it comes.
import { expect, test } from "bun:test";
import type { Faults } from "../../../src/playground/stand-in/faults.ts";
import {
  belowFirstLine,
  newSession,
  prompt,
  startWorld,
  storedAnswers,
} from "../../support/world.ts";

const absences: readonly (readonly [what: string, begin: (faults: Faults) => () => void])[] = [
  [
    "nobody listens",
    (faults) => {
      faults.leave();
      return faults.comeBack;
    },
  ],
  ["every request fails", (faults) => faults.fail({ user: "opencode" }, 503).clear],
  ["no request is answered", (faults) => faults.hang({ user: "opencode" }).clear],
];

test.each(absences)(
  "%s: OpenCode works meanwhile, then the threads appear with their answers",
  async (_, begin) => {
    const world = await startWorld();
    try {
      const { mattermost } = world;
      const end = begin(mattermost.faults);
      const opencode = await world.opencode();
      const [client, other] = await Promise.all(
        ["at-work", "idle-meanwhile"].map(async (name) =>
          opencode.client(await opencode.newDirectory(name)),
        ),
      );
      if (!client || !other) throw new Error("There are two projects.");
      const sessionId = await newSession(client);
      const answer = await prompt(client, sessionId, "while away");
      expect(answer).toBe("Scripted answer to: while away");
      const second = await prompt(client, sessionId, "and again");
      const idle = await newSession(other);
      expect(mattermost.posts()).toEqual([]);

      end();
      await mattermost.until("the threads", () => world.roots().length === 2, 45_000);
      const root = await world.rootOf(sessionId);
      expect((await world.rootOf(idle)).message).toContain("idle-meanwhile");
      const first = await world.answered(root.id, answer);
      const last = await world.answered(root.id, second);
      expect(belowFirstLine(first)).toContain("⌨️");
      expect(belowFirstLine(first)).toContain("> while away");
      expect(belowFirstLine(last)).toContain("> and again");
      expect(await storedAnswers(client, sessionId)).toEqual([answer, second]);
      expect(world.replies(root.id).map(({ id }) => id)).toEqual([first.id, last.id]);

      await world.say(root.id, "here now");
      await world.answered(root.id, "Scripted answer to: here now");
      expect(world.roots()).toHaveLength(2);
    } finally {
      await world.stop();
    }
  },
);

test("the socket alone is refused at first: what the owner wrote before it opened is answered once", async () => {
  const world = await startWorld();
  try {
    const refused = world.mattermost.faults.refuseUpgrades({ user: "opencode" });
    const opencode = await world.opencode();
    const sessionId = await newSession(opencode.client());
    const root = await world.rootOf(sessionId);
    await world.say(root.id, "as soon as I saw it");
    await world.mattermost.until("a refused socket", () => refused.hits > 1);
    refused.clear();
    await world.answered(root.id, "Scripted answer to: as soon as I saw it");
    await world.say(root.id, "and now");
    await world.answered(root.id, "Scripted answer to: and now");
    expect(world.callsOf(sessionId).map(({ userText }) => userText)).toEqual([
      "as soon as I saw it",
      "and now",
    ]);
    expect(world.replies(root.id)).toHaveLength(2);
  } finally {
    await world.stop();
  }
});
