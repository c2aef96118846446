// "In the night in which the clocks were put back, everything was an hour off until I restarted OpenCode."
import { expect, test } from "bun:test";
import { asRequestId, asSessionId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { aPermission } from "../support/events.ts";
import { createFakeHost } from "../support/fake-host.ts";
import { createStreet } from "../support/several-gateways.ts";

const HOUR_MS = 3_600_000;

/** `21 Nov 10:14` of a time in UTC. */
const clockIn = (unixMs: number, offsetHours: number): string => {
  const [, day, month, , time] = new Date(unixMs + offsetHours * HOUR_MS).toUTCString().split(" ");
  return `${Number(day)} ${month} ${time?.slice(0, 5)}`;
};

test("each time is told as the clocks stood at that time", async () => {
  let putBackMs = Number.POSITIVE_INFINITY;
  const { clock, chat, process, rootOf } = createStreet({
    utcOffset: (unixMs) => (unixMs < putBackMs ? 120 : 60),
  });
  const host = createFakeHost(clock.now);
  const here = process("here", { host });
  await here.up();
  const createdMs = clock.now();
  putBackMs = createdMs + HOUR_MS;
  const session = host.add({ id: asSessionId("ses_1"), createdMs, updatedMs: createdMs });
  here.bridge.event({ type: "session-created", session });
  await clock.advance(2 * HOUR_MS);
  const request = aPermission("per_1", { sessionId: session.id, command: "make" });
  host.pendingPermissions.set(asRequestId("per_1"), request);
  here.bridge.event({ type: "permission-asked", request });
  await clock.advance(2_000);
  const decidedMs = clock.now();
  await chat.say("!yes", rootOf(session.id).id);
  await clock.advance(5_000);
  here.bridge.event({ type: "session-updated", session: { ...session, title: "Another" } });
  await clock.advance(5_000);
  expect(rootOf(session.id).message).toContain(clockIn(createdMs, 2));
  const decided = chat
    .posts()
    .find(({ props }) => readPostMark(props)?.key === "permission/per_1")?.message;
  expect(decided).toContain(`by @alice, ${clockIn(decidedMs, 1).slice(-5)}`);
});
