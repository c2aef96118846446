// Somebody updates from OpenCode 1: their sessions go on in their threads, by the same file of mappings.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { OPENCODE_1 } from "../../support/hosts/opencode-1.ts";
import { OPENCODE_2 } from "../../support/hosts/opencode-2.ts";
import {
  mappingOf,
  newSession,
  PLUGIN,
  prompt,
  startWorldOn,
  storedAnswers,
} from "../../support/world.ts";

test("a session of OpenCode 1 goes on in its own thread in OpenCode 2, from both ends", async () => {
  const world = await startWorldOn(OPENCODE_1);
  try {
    const first = await world.opencode();
    const { home, directory } = first;
    const id = await newSession(first.client());
    const root = await world.rootOf(id);
    await world.say(root.id, "begun in the old one");
    await world.answered(root.id, "answer to: begun in the old one");
    await first.kill();

    const second = await OPENCODE_2.start({
      mode: "serve",
      model: world.model.url,
      plugin: { path: PLUGIN, options: { url: world.mattermost.url, owner: "alice" } },
      home,
      directory,
      env: {
        MATTERMOST_TOKEN: world.mattermost.bot.token,
        // Both are called opencode with a user, and so have their data in the same place.
        OPENCODE_DB: join(home, ".local/share/opencode/opencode.db"),
      },
    });
    try {
      const client = second.client();
      const answer = await prompt(client, id, "goes on in the new one");
      await world.answered(root.id, answer);
      expect(await storedAnswers(client, id)).toEqual([
        "Scripted answer to: begun in the old one",
        "Scripted answer to: goes on in the new one",
      ]);
      await world.say(root.id, "and from the phone");
      await world.answered(root.id, "answer to: and from the phone");
      await world.becomes(root.id, /^🟢/);
      expect(world.roots().map((post) => post.id)).toEqual([root.id]);
      expect(mappingOf(home, id)).toMatchObject({ rootPostId: root.id, status: "active" });
      const texts = world.callsOf(id).map(({ userText }) => userText);
      expect(texts.filter((text) => text === "and from the phone")).toHaveLength(1);
      expect(texts.filter((text) => text === "begun in the old one")).toHaveLength(1);
    } finally {
      await second.kill();
    }
  } finally {
    await world.stop();
  }
});
