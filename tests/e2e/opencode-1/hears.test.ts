// Where no service for voice is set, a model that hears gets the sound itself.
import { expect, test } from "bun:test";
import { converse, startInstallation } from "../../support/conversation.ts";
import { OPEN_RETRY } from "../../support/voice-message.ts";

test("a voice message reaches a model that hears as sound", async () => {
  const { world, opencode } = await startInstallation(["web-shop"], { input: ["audio"] });
  try {
    const talk = await converse(world, opencode, "web-shop");
    await talk.say("", [{ name: "voice.wav", bytes: OPEN_RETRY }]);
    await talk.reply(/^✅/);
    const given = talk.calls()[0]?.messages.flatMap(({ attachments }) => attachments);
    expect(given).toMatchObject([{ kind: "input_audio" }]);
  } finally {
    await world.stop();
  }
}, 120_000);
