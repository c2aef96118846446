import { describe, expect, test } from "bun:test";
import { asChannelId, asPostId } from "../../../../src/models/ids.ts";
import { until } from "../../../support/until.ts";
import { aClient, friendly, REACTION, TOKEN } from "./socket-under-test.ts";

describe("the socket", () => {
  test("shows its token in a header alone, and finds a server under a path", async () => {
    using client = aClient(friendly(), "/chat/");
    await client.start();
    await until("live", client.is("live"));
    const [upgrade] = client.server.upgrades;
    expect(upgrade?.authorization).toBe(`Bearer ${TOKEN}`);
    expect(upgrade?.url).toBe(`${client.server.url}/chat/api/v4/websocket`);
    expect(client.kinds()).toEqual(["connecting", "live"]);
  });

  test("asks to go on where it ended", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    client.server.peers()[0]?.event(1, "typing");
    client.server.peers()[0]?.event(2, "typing");
    client.server.peers()[0]?.raw("{}");
    client.server.peers()[0]?.close();
    await until("away", client.is("waiting"));
    client.server.script.open = (peer) => peer.event(3, "typing");
    await client.nextTry();
    const url = new URL(client.server.upgrades[1]?.url ?? "");
    expect(url.search).toBe("?connection_id=connection-1&sequence_number=3");
    await until("live", client.is("live"));
    expect(client.states.at(-1)).toEqual({ kind: "live", resumed: true });
  });

  test("tells that it is typing only while live", async () => {
    using client = aClient(friendly());
    client.socket.typing(asChannelId("c"), asPostId("r"));
    await client.start();
    await until("live", client.is("live"));
    client.socket.typing(asChannelId("c"), asPostId("r"));
    const data = { channel_id: "c", parent_id: "r" };
    await until("typing", () => client.server.actions.some((a) => a.action === "user_typing"));
    expect(client.server.actions.filter((a) => a.action === "user_typing")).toMatchObject([
      { data },
    ]);
  });
});

describe("the socket comes back for ever", () => {
  for (const status of [401, 404, 500, 302]) {
    test(`from an upgrade that is answered ${status}`, async () => {
      const upgrade = () => new Response(null, { status, headers: { Location: "http://x.test/" } });
      using client = aClient({ upgrade });
      await client.start();
      const waits: number[] = [];
      for (let tries = 1; tries <= 10; tries++) {
        await until("waiting", () => client.is("waiting")() && client.states.length === 2 * tries);
        const state = client.states.at(-1);
        if (state?.kind === "waiting") waits.push(state.retryAtMs - client.clock.now());
        await client.nextTry();
      }
      expect(waits.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
      expect(client.token.asked).toBeGreaterThan(0);
    });
  }

  test("from a server that is not there", async () => {
    using client = aClient({});
    client.server[Symbol.dispose]();
    await client.start();
    for (let tries = 1; tries <= 5; tries++) {
      await until("waiting", () => client.kinds().filter((k) => k === "waiting").length === tries);
      await client.clock.advance(1_000 * 2 ** (tries - 1));
    }
  });

  test("from a server that never greets", async () => {
    using client = aClient({});
    await client.start();
    await until("the connection", () => client.server.peers().length === 1);
    await client.clock.advance(15_000);
    expect(client.kinds()).toEqual(["connecting", "waiting"]);
    await until("its end", () => client.server.peers().length === 0);
    await client.nextTry();
  });

  test("from a server that greets and closes, ever more slowly", async () => {
    using client = aClient({
      open(peer) {
        peer.hello("c");
        peer.close();
      },
    });
    await client.start();
    const waits: number[] = [];
    for (let tries = 1; tries <= 8; tries++) {
      await until("waiting", () => client.kinds().filter((k) => k === "waiting").length === tries);
      const state = client.states.at(-1);
      if (state?.kind === "waiting") waits.push(state.retryAtMs - client.clock.now());
      await client.nextTry();
    }
    expect(waits.at(-1)).toBe(60_000);
  });

  test("soon again after it has held for long", async () => {
    let seq = 0;
    using client = aClient({
      open(peer) {
        seq = 0;
        peer.hello("c");
      },
      message: (peer) => peer.event(++seq, "reaction_added", { reaction: REACTION }),
    });
    await client.start();
    for (let drops = 1; drops <= 4; drops++) {
      await until("live", () => client.is("live")() && seq > 0 && client.events.length > 0);
      for (let pings = 0; pings < 4; pings++) {
        const heard = client.events.length;
        await client.clock.advance(20_000);
        await until("an answer", () => client.events.length > heard);
      }
      client.server.peers()[0]?.close();
      await until("waiting", client.is("waiting"));
      const state = client.states.at(-1);
      expect(state?.kind === "waiting" && state.retryAtMs - client.clock.now()).toBe(1_000);
      client.events.length = 0;
      seq = 0;
      await client.nextTry();
    }
  });
});

describe("the socket notices", () => {
  test("a server that fell silent", async () => {
    using client = aClient({ open: (peer) => peer.hello("c") });
    await client.start();
    await until("live", client.is("live"));
    await client.clock.advance(44_000);
    expect(client.is("live")()).toBe(true);
    await client.clock.advance(1_000);
    expect(client.is("waiting")()).toBe(true);
    expect(client.token.asked).toBe(1);
    await until("its end", () => client.server.peers().length === 0);
  });

  test("frames that are missing, and takes a new connection", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    client.server.peers()[0]?.event(1, "typing");
    client.server.peers()[0]?.event(3, "typing");
    await until("away", client.is("waiting"));
    await client.nextTry();
    expect(client.server.upgrades[1]?.url).not.toContain("connection_id");
    await until("live", client.is("live"));
    expect(client.states.at(-1)).toEqual({ kind: "live", resumed: false });
  });

  test("nothing of frames that cannot be read", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    const [peer] = client.server.peers();
    for (const text of ["", "{", "null", "[]", '{"event":"posted"}']) peer?.raw(text);
    peer?.event(1, "posted", { post: "no JSON" });
    peer?.event(2, "reaction_added", { reaction: REACTION });
    await until("the event", () => client.events.length > 0);
    expect(client.events).toEqual(["reaction-added"]);
    expect(client.kinds()).toEqual(["connecting", "live"]);
  });

  test("what its listener throws, and goes on", async () => {
    using client = aClient(friendly());
    client.socket.start({
      event: () => {
        client.events.push("thrown at");
        throw new Error("a mistake");
      },
      state(state) {
        client.states.push(state);
        throw new Error("another one");
      },
    });
    await client.clock.advance(0);
    await until("live", client.is("live"));
    const [peer] = client.server.peers();
    peer?.event(1, "reaction_added", { reaction: REACTION });
    peer?.event(2, "reaction_added", { reaction: REACTION });
    await until("both", () => client.events.length === 2);
    client.server.peers()[0]?.close();
    await until("away", client.is("waiting"));
    expect(JSON.stringify(client.logger.lines)).not.toContain(TOKEN);
  });
});
