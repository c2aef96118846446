import { describe, expect, test } from "bun:test";
import { createFrameOrder } from "../../../../src/clients/mattermost/frame-order.ts";

const hello = (connectionId: string, seq = 0) => ({ kind: "hello", connectionId, seq }) as const;
const event = (seq: number) => ({ kind: "event", seq, event: undefined }) as const;
const pong = { kind: "answer", ok: true } as const;
const refusal = { kind: "answer", ok: false } as const;

/** An order that knows the connection "one" up to its frame 2. */
function afterTwo() {
  const order = createFrameOrder();
  order.begin();
  for (const frame of [hello("one"), event(1), event(2)]) order.take(frame);
  return order;
}

describe("the order of frames", () => {
  test("begins with the greeting; what comes before it says nothing", () => {
    const order = createFrameOrder();
    expect(order.begin()).toBe("");
    expect(order.take(event(0))).toBe("ignored");
    expect(order.take(pong)).toBe("ignored");
    expect(order.take(hello("one"))).toBe("fresh");
    expect(order.take(pong)).toBe("in-order");
    expect(order.take(event(1))).toBe("in-order");
  });

  test("goes on after an outage with the next frame, without a greeting", () => {
    const order = afterTwo();
    expect(order.begin()).toBe("?connection_id=one&sequence_number=3");
    expect(order.take(event(3))).toBe("resumed");
    expect(order.take(event(4))).toBe("in-order");
  });

  test("goes on with an answer where nothing was missed, unless it is a refusal", () => {
    const order = afterTwo();
    order.begin();
    expect(order.take(refusal)).toBe("ignored");
    expect(order.take(pong)).toBe("resumed");
    expect(order.take(event(3))).toBe("in-order");
  });

  test("begins anew with another greeting, also after an answer that came too early", () => {
    const order = afterTwo();
    order.begin();
    order.take(pong);
    expect(order.take(hello("two"))).toBe("fresh");
    expect(order.take(event(1))).toBe("in-order");
    expect(order.begin()).toBe("?connection_id=two&sequence_number=2");
  });

  test("begins anew with the same name where the numbers do not go on", () => {
    const order = afterTwo();
    order.begin();
    expect(order.take(hello("one", 0))).toBe("fresh");
  });

  test("sees a gap, and a number that came already, in both kinds of connection", () => {
    expect(afterTwo().take(event(4))).toBe("missed");
    expect(afterTwo().take(event(2))).toBe("missed");
    const resumed = afterTwo();
    resumed.begin();
    expect(resumed.take(event(4))).toBe("missed");
  });

  test("counts what cannot be read, and asks for nothing after it was told to forget", () => {
    const order = afterTwo();
    expect(order.take({ kind: "unreadable", seq: 3 })).toBe("in-order");
    expect(order.take({ kind: "malformed" })).toBe("ignored");
    expect(order.take(event(4))).toBe("in-order");
    order.forget();
    expect(order.begin()).toBe("");
  });

  test("asks for nothing where the server gave no name", () => {
    const order = createFrameOrder();
    order.begin();
    expect(order.take(hello(""))).toBe("fresh");
    expect(order.begin()).toBe("");
  });
});
