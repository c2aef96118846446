// The server's clock and this machine's are hours apart.
import { describe, expect, test } from "bun:test";
import { createStreet } from "../support/several-gateways.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

describe.each([3 * HOUR_MS, -3 * HOUR_MS])(
  "the server's clock is %d ms ahead of mine",
  (aheadMs) => {
    /** A thread whose process has died, and one that can go on with it. */
    async function createDeserted() {
      const street = createStreet({ aheadMs });
      const { chat, clock } = street;
      const leader = street.process("leader");
      await leader.up();
      const first = street.process("first");
      await first.up();
      const { session, rootId } = await first.open();
      await clock.advance(1_000);
      first.kill();
      for (const other of [leader]) other.kill();
      return {
        ...street,
        rootId,
        async writtenBefore(ms: number) {
          const post = await chat.say("go on", rootId);
          await clock.advance(ms);
          const next = street.process("next");
          next.host.adopt(session);
          await next.up();
          next.bridge.event({ type: "status", sessionId: session.id, status: { kind: "busy" } });
          await clock.advance(10_000);
          return next.host.prompted.get(post.id) ?? 0;
        },
      };
    }

    test("what I wrote a minute ago is run when the session is back", async () => {
      const { writtenBefore } = await createDeserted();
      expect(await writtenBefore(MINUTE_MS)).toBe(1);
    });

    test("what I wrote two hours ago is offered, not run", async () => {
      const { writtenBefore, saidIn, rootId } = await createDeserted();
      expect(await writtenBefore(2 * HOUR_MS)).toBe(0);
      expect(saidIn(rootId)).toContain("▶️ runs them now");
    });

    test("a command of two hours ago is not run, and told so; one of now is", async () => {
      const { chat, clock, process, answersTo } = createStreet({ aheadMs });
      const one = process("one");
      await one.up();
      await one.open();
      one.socket.drop();
      const old = await chat.say("!projects");
      await clock.advance(2 * HOUR_MS);
      one.socket.live();
      await clock.advance(1_000);
      expect(answersTo(old.id)).toEqual([
        expect.stringContaining("Not run: it came 120 min before"),
      ]);
      one.socket.drop();
      const recent = await chat.say("!projects");
      await clock.advance(30_000);
      one.socket.live();
      await clock.advance(1_000);
      expect(answersTo(recent.id)).toEqual([expect.stringContaining("**project**")]);
    });
  },
);
