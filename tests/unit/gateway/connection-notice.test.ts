// What the person at the terminal learns of the connection.
import { beforeEach, expect, test } from "bun:test";
import {
  type ConnectionNotice,
  createConnectionNotice,
} from "../../../src/gateway/connection-notice.ts";
import { createFakeChat } from "../../support/fake-chat.ts";
import { createManualClock, type ManualClock } from "../../support/manual-clock.ts";

let clock: ManualClock;
let told: string[];
let notice: ConnectionNotice;
let why: Promise<string | undefined>;
beforeEach(async () => {
  clock = createManualClock();
  told = [];
  why = Promise.resolve(undefined);
  const { me, people } = createFakeChat({ people: ["alice"] });
  const owner = people["alice"];
  if (!owner) throw new Error("There is no alice.");
  notice = createConnectionNotice({
    identity: { me: await me(), owner },
    url: "https://chat.test",
    clock,
    whyUnreachable: () => why,
    tell: (message, kind) => told.push(`${kind}: ${message}`),
  });
});

const CONNECTED = "info: Connected to https://chat.test as @opencode for @alice.";
const live = (): void => notice.socketState({ kind: "live", resumed: false });
const away = (reason = "the connection was closed"): void =>
  notice.socketState({ kind: "waiting", retryAtMs: 0, reason });

test("that it stands is said once, however often it comes back within a minute", async () => {
  notice.socketState({ kind: "connecting" });
  live();
  for (let outage = 0; outage < 3; outage++) {
    away();
    await clock.advance(59_000);
    notice.socketState({ kind: "connecting" });
    live();
    await clock.advance(120_000);
  }
  expect(told).toEqual([CONNECTED]);
});

test("an outage of a minute is said once, with the newest reason, and that it is over", async () => {
  live();
  away();
  await clock.advance(30_000);
  away("the server did not answer");
  await clock.advance(600_000);
  const lost = expect.stringMatching(
    /^warning: Not connected to \S+: the server did not answer\. /,
  );
  expect(told).toEqual([CONNECTED, lost]);
  live();
  expect(told).toEqual([CONNECTED, lost, CONNECTED]);
  away();
  await clock.advance(60_000);
  expect(told).toHaveLength(4);
});

test("a connection that never comes up is said too", async () => {
  notice.socketState({ kind: "connecting" });
  await clock.advance(60_000);
  expect(told).toEqual([expect.stringContaining("it has not come up yet")]);
});

test("asked, it says how things are", () => {
  expect(notice.describe()).toContain(
    "Not connected to https://chat.test: it has not come up yet.",
  );
  live();
  expect(`info: ${notice.describe()}`).toBe(CONNECTED);
  notice.socketState({ kind: "refused", reason: "the token is not accepted" });
  expect(notice.describe()).toContain("the token is not accepted");
});

test("where it is found what is wrong, that is said, with what to do", async () => {
  why = Promise.resolve("The certificate has expired. Renew it.");
  live();
  away();
  await clock.advance(60_000);
  const lost = "warning: The certificate has expired. Renew it. It is tried until it answers;";
  expect(told).toEqual([CONNECTED, expect.stringContaining(lost)]);
});

test("what is back before that is found is not called lost", async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  why = promise;
  live();
  away();
  await clock.advance(60_000);
  live();
  resolve(undefined);
  await clock.advance(60_000);
  expect(told).toEqual([CONNECTED]);
});

test("after its end nothing is said", async () => {
  away();
  notice.stop();
  await clock.advance(120_000);
  expect(told).toEqual([]);
});
