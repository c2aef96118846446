import { describe, expect, test } from "bun:test";
import { until } from "../../../support/until.ts";
import { aClient, friendly, TOKEN } from "./socket-under-test.ts";

describe("a token that is refused", () => {
  test("is said once, and asked about rarely, until it is accepted again", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    // A pong that came later would break the silence.
    await client.heard();
    // The socket of a revoked token stays open and goes deaf.
    client.server.script.message = () => undefined;
    client.server.script.open = () => undefined;
    client.token.verdict = "refused";
    await client.clock.advance(45_000);
    await until("refused", client.is("refused"));
    const { length } = client.states;
    const { asked } = client.token;
    await client.clock.advance(24 * 3_600_000);
    expect(client.kinds().slice(length - 1)).toEqual(["refused"]);
    // Sooner at first: one refusal may be a mistake.
    expect(client.token.asked - asked).toBe(147);
    expect(client.server.upgrades).toHaveLength(1);
    expect(client.logger.lines.filter((line) => line.level === "warn")).toHaveLength(1);
    client.server.script.open = (peer) => peer.hello("again");
    client.token.verdict = "accepted";
    const { asked: before } = client.token;
    while (client.token.asked === before) await client.clock.advance(1_000);
    await until("live", client.is("live"));
    expect(client.states.at(-1)).toEqual({ kind: "live", resumed: false });
  });

  test("by mistake, while the server is in trouble, is asked about again soon", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    client.token.verdict = "refused";
    client.server.script.open = (peer) => peer.close();
    client.server.peers()[0]?.close();
    await until("waiting", client.is("waiting"));
    await client.nextTry();
    await until("refused", client.is("refused"));
    client.token.verdict = "accepted";
    client.server.script.open = (peer) => peer.hello("again");
    await client.clock.advance(30_000);
    await until("live", client.is("live"));
  });

  test("from the beginning is noticed where the server closes without a word", async () => {
    using client = aClient({ open: (peer) => peer.close() });
    client.token.verdict = "refused";
    await client.start();
    await until("refused", client.is("refused"));
    expect(client.clock.pending()).toBe(1);
  });

  test("is not confused with a server that is away", async () => {
    using client = aClient({ open: (peer) => peer.close() });
    client.token.verdict = "unknown";
    await client.start();
    for (let tries = 1; tries <= 5; tries++) {
      await until("waiting", () => client.kinds().filter((k) => k === "waiting").length === tries);
      await client.nextTry();
    }
    expect(client.kinds()).not.toContain("refused");
  });

  test("is in no line of the log", async () => {
    using client = aClient({ open: (peer) => peer.close() });
    await client.start();
    await until("waiting", client.is("waiting"));
    expect(JSON.stringify([client.logger.lines, client.states])).not.toContain(TOKEN);
  });
});

describe("the end of a socket", () => {
  test("leaves no timer, no connection, and says nothing more", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    client.socket.stop();
    const { length } = client.states;
    expect(client.clock.pending()).toBe(0);
    await until("the end of the connection", () => client.server.peers().length === 0);
    await client.clock.advance(3_600_000);
    expect(client.states).toHaveLength(length);
    expect(client.server.upgrades).toHaveLength(1);
  });

  test("comes also before its beginning", async () => {
    using client = aClient(friendly());
    client.socket.start(client.on);
    client.socket.stop();
    expect(client.clock.pending()).toBe(0);
    expect(client.states).toEqual([]);
  });

  for (const kind of ["connecting", "live", "waiting", "refused"] as const) {
    test(`comes also from within the news that it is ${kind}`, async () => {
      const script = friendly();
      if (kind === "waiting" || kind === "refused") script.open = (peer) => peer.close();
      using client = aClient(script);
      if (kind === "refused") client.token.verdict = "refused";
      client.socket.start({
        event: () => undefined,
        state(state) {
          client.states.push(state);
          if (state.kind === kind) client.socket.stop();
        },
      });
      await client.clock.advance(0);
      await until(kind, client.is(kind));
      await client.clock.advance(3_600_000);
      expect(client.is(kind)()).toBe(true);
      expect(client.clock.pending()).toBe(0);
      await until("the end of the connection", () => client.server.peers().length === 0);
    });
  }
});
