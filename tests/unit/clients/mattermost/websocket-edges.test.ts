import { describe, expect, test } from "bun:test";
import { createWebSocketClient } from "../../../../src/clients/mattermost/websocket-client.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { createRecordingLogger } from "../../../support/recording-logger.ts";
import { until } from "../../../support/until.ts";
import { aClient, friendly } from "./socket-under-test.ts";

describe("while all is well", () => {
  test("REST is asked about the token now and then, and a refused one ends it", async () => {
    using client = aClient(friendly());
    await client.start();
    await until("live", client.is("live"));
    /** Every 20 s there is a ping; its answer comes before the time goes on. */
    const pings = async (count: number): Promise<void> => {
      for (let ticks = 0; ticks < count; ticks++) {
        const before = client.server.actions.length;
        await client.clock.advance(20_000);
        await until("a ping", () => client.server.actions.length > before);
      }
    };
    await pings(14);
    expect(client.token.asked).toBe(0);
    await pings(1);
    expect(client.token.asked).toBe(1);
    client.token.verdict = "refused";
    await pings(14);
    expect(client.is("live")()).toBe(true);
    await client.clock.advance(20_000);
    await until("refused", client.is("refused"));
    await until("its end", () => client.server.peers().length === 0);
  });

  test("a new connection may be asked for from within the news that it is live", async () => {
    using client = aClient(friendly());
    client.socket.start({
      event: () => undefined,
      state(state) {
        client.states.push(state);
        const lives = client.kinds().filter((kind) => kind === "live").length;
        if (state.kind === "live" && lives === 1) client.socket.reconnect("once more");
      },
    });
    await client.clock.advance(0);
    await until("waiting", client.is("waiting"));
    expect(client.clock.pending()).toBe(1);
    await client.nextTry();
    await until("live", client.is("live"));
    expect(client.kinds()).toEqual(["connecting", "live", "waiting", "connecting", "live"]);
  });
});

describe("a verdict on the token that comes late", () => {
  /** A client whose server always hangs up, and whose questions are answered by the test. */
  const slow = () => {
    const clock = createManualClock();
    const asked = Promise.withResolvers<"refused">();
    const states: string[] = [];
    const socket = createWebSocketClient({
      baseUrl: "http://127.0.0.1:1",
      token: "token",
      clock,
      logger: createRecordingLogger(),
      checkToken: () => asked.promise,
      random: () => 1,
    });
    socket.start({ event: () => undefined, state: ({ kind }) => states.push(kind) });
    return { clock, socket, states, answer: asked.resolve };
  };

  test("counts though the next try has begun", async () => {
    const { clock, socket, states, answer } = slow();
    await clock.advance(0);
    await until("waiting", () => states.at(-1) === "waiting");
    await clock.advance(1_000);
    await until("the next try", () => states.filter((kind) => kind === "connecting").length === 2);
    answer("refused");
    await until("refused", () => states.at(-1) === "refused");
    expect(clock.pending()).toBe(1);
    socket.stop();
  });

  test("changes nothing after the end", async () => {
    const { clock, socket, states, answer } = slow();
    await clock.advance(0);
    await until("waiting", () => states.at(-1) === "waiting");
    socket.stop();
    answer("refused");
    await clock.advance(3_600_000);
    expect(states).toEqual(["connecting", "waiting"]);
    expect(clock.pending()).toBe(0);
  });
});

test("a token that cannot be a header is tried again like the rest, and named nowhere", async () => {
  const clock = createManualClock();
  const logger = createRecordingLogger();
  const states: unknown[] = [];
  const token = ["se", "cret\nline"].join("");
  const socket = createWebSocketClient({
    baseUrl: "http://127.0.0.1:1",
    token,
    clock,
    logger,
    checkToken: async () => "unknown",
  });
  socket.start({ event: () => undefined, state: (state) => states.push(state) });
  await clock.advance(0);
  expect(states).toMatchObject([{ kind: "waiting" }]);
  expect(clock.pending()).toBe(1);
  socket.stop();
  expect(Bun.inspect([states, logger.lines], { depth: 20 })).not.toContain("secret");
});
