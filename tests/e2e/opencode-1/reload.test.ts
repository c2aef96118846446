// OpenCode 1 lets go of a directory and takes it up again, in one process.
import { expect, test } from "bun:test";
import { OPENCODE_1 } from "../../support/hosts/opencode-1.ts";
import { mappingOf, newSession, prompt, startWorldOn } from "../../support/world.ts";

test("the plugin's directory is let go and taken up again in one process: the same thread", async () => {
  const world = await startWorldOn(OPENCODE_1);
  try {
    const opencode = await world.opencode();
    const client = opencode.client();
    const sdk = opencode.sdk();
    const sessionId = await newSession(client);
    const root = await world.rootOf(sessionId);
    await world.say(root.id, "!help");
    await world.reply(root.id, /In this thread/);
    const status = (): unknown => mappingOf(opencode.home, sessionId)["status"];
    const loads = (): number => opencode.log().split("has loaded").length - 1;
    await sdk.instance.dispose();
    await world.mattermost.until("the directory to be loaded anew by itself", () => loads() === 1);
    await sdk.instance.dispose();
    const answer = await prompt(client, sessionId, "awake again");
    await world.answered(root.id, answer);
    await world.becomes(root.id, /^🟢/);
    await world.say(root.id, "and from here");
    await world.answered(root.id, "Scripted answer to: and from here");
    expect(loads()).toBe(2);
    expect(world.roots()).toHaveLength(1);
    expect(status()).toBe("active");
    expect(world.replies(root.id).filter(({ message }) => /ended/i.test(message))).toEqual([]);
    await world.mattermost.as("alice").post("!status");
    await world.mainReply(/opencode-mattermost/);
  } finally {
    await world.stop();
  }
});
