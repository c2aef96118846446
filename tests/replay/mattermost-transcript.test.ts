import { afterEach, expect, test } from "bun:test";
import { type StandIn, startStandIn } from "../../src/playground/stand-in/stand-in.ts";
import { lostReplies, newerExceptions, olderExceptions } from "./support/exceptions.ts";
import type { Frame } from "./support/lanes.ts";
import { replay } from "./support/replay.ts";
import { type Entry, readTranscript } from "./support/transcript.ts";

let standIn: StandIn | undefined;

afterEach(async () => {
  await standIn?.stop();
  standIn = undefined;
});

/** How much there is to compare: nothing may be left out. */
function everything(entries: readonly Entry[]): { calls: number; frames: number } {
  return {
    calls: entries.filter((entry) => "rest" in entry).length,
    frames: entries.filter((entry) => "dir" in entry && entry.dir === "s2c").length,
  };
}

/** No two moments are the same: so "at the same moment" can be compared. */
function tickingClock(): () => number {
  let moment = 1_795_254_000_000;
  return () => ++moment;
}

test("the stand-in answers as Mattermost 9.9 was recorded to answer", async () => {
  standIn = await startStandIn({ now: tickingClock(), authTimeoutMs: 200 });
  await makeAdminChannel(standIn);
  const entries = await readTranscript("9.9");

  const outcome = await replay({
    standIn,
    entries,
    ignored: newerExceptions,
    bursts: [
      { note: "twenty replies at once by the bot" },
      {
        note: "five creates at once with one pending_post_id",
        fault: (it) => it.faults.slowCreates(1_000),
      },
    ],
    amend: addLostReplies,
  });

  expect(outcome).toEqual({ differences: [], unused: [], ...everything(entries) });
});

test("the stand-in answers as Mattermost 5.37 was recorded to answer", async () => {
  standIn = await startStandIn({ version: "5.37", now: tickingClock() });
  await makeOldConversation(standIn);
  const entries = await readTranscript("5.37");

  const outcome = await replay({
    standIn,
    entries,
    ignored: olderExceptions,
  });

  expect(outcome).toEqual({ differences: [], unused: [], ...everything(entries) });
});

/** On the recorded server an administrator had made the bot, and had a channel with it. */
async function makeAdminChannel(it: StandIn): Promise<void> {
  const admin = it.addUser("admin");
  await it.as(it.bot.username).call("POST", "/channels/direct", [it.bot.id, admin.id]);
  await it.as("admin").post("the bot was made");
}

/** The recorded server had seen both talk before: five posts, two of them roots. */
async function makeOldConversation(it: StandIn): Promise<void> {
  const channelId = await it.as("alice").dm();
  const rootId = await it.as("alice").post("hello");
  for (const message of ["one", "two", "three"]) {
    await it.as(it.bot.username).post(message, { channelId, rootId });
  }
  await it.as("alice").post("another");
}

function addLostReplies(line: number, frame: Frame): Frame {
  if (line < lostReplies.fromLine || frame["event"] !== "thread_updated") return frame;
  const text = JSON.stringify(frame).replace(/\\"reply_count\\":(\d+),\\"last_reply/, (_all, n) => {
    return `\\"reply_count\\":${Number(n) + lostReplies.count},\\"last_reply`;
  });
  return JSON.parse(text);
}
