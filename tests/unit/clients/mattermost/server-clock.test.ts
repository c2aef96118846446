import { expect, test } from "bun:test";
import { createServerClock } from "../../../../src/clients/mattermost/server-clock.ts";

const NOON = Date.UTC(2025, 5, 1, 12);
const HOUR = 3_600_000;
const dateOf = (ms: number): string => new Date(ms).toUTCString();

/** A clock of this machine that stands at noon, and the server's as seen from it. */
function createSeen(nowMs = NOON) {
  const local = { nowMs };
  return { local, server: createServerClock(() => local.nowMs) };
}

test("nothing heard: the two agree", () => {
  const { server } = createSeen();
  expect(server.now()).toBe(NOON);
});

test.each([-9 * HOUR, -HOUR, 0, HOUR, 9 * HOUR])("a server %d ms ahead", (aheadMs) => {
  const { local, server } = createSeen();
  server.dated(dateOf(NOON + aheadMs), NOON - 200);
  expect(Math.abs(server.now() - NOON - aheadMs)).toBeLessThan(2_000);
  server.made(NOON + aheadMs - 100, NOON - 200);
  expect(Math.abs(server.now() - NOON - aheadMs)).toBeLessThanOrEqual(200);
  local.nowMs += HOUR;
  expect(Math.abs(server.now() - NOON - aheadMs - HOUR)).toBeLessThanOrEqual(200);
});

test("what a post tells counts more than a header, which a proxy may write", () => {
  const { server } = createSeen();
  server.made(NOON + HOUR, NOON - 10);
  server.dated(dateOf(NOON), NOON - 10);
  expect(server.now()).toBe(NOON + HOUR);
});

test("clocks that may agree are taken to", () => {
  const { server } = createSeen();
  server.dated(dateOf(NOON - 500), NOON - 300);
  server.made(NOON - 150, NOON - 300);
  expect(server.now()).toBe(NOON);
});

test("an answer that took long, as over a sleep, and one that came before it was asked for tell nothing", () => {
  const { server } = createSeen();
  server.made(NOON - 8 * HOUR, NOON - 8 * HOUR);
  server.made(NOON + 5 * HOUR, NOON + 1);
  expect(server.now()).toBe(NOON);
});

test.each([undefined, null, "", "yesterday"])("the header %p tells nothing", (header) => {
  const { server } = createSeen();
  server.dated(header, NOON);
  expect(server.now()).toBe(NOON);
});
