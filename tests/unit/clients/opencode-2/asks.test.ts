// What a tool of this plugin asks for on OpenCode 2: under the user's rules, and denied wherever nobody allows it.
import { expect, test } from "bun:test";
import { createAsks } from "../../../../src/clients/opencode-2/asks.ts";
import type { Envelope } from "../../../../src/clients/opencode-2/envelope.ts";
import { asSessionId } from "../../../../src/models/ids.ts";

const sessionId = asSessionId("ses_1");
const request = { permission: "read", patterns: [".env"], path: "/p/.env" } as const;
const event = (type: string, data: Envelope["data"]): Envelope => ({
  id: "evt_1",
  created: 0,
  type,
  data,
});

/** OpenCode with this rule for everything. */
function openCode(effect: "allow" | "ask" | "deny") {
  const asked: string[] = [];
  const asks = createAsks(() => ({
    async call(_what, _method, path, body) {
      asked.push(String(body?.["id"]));
      expect(path).toBe("/api/session/ses_1/permission");
      expect(body).toMatchObject({ action: "read", resources: [".env"] });
      return { data: { id: body?.["id"], effect } };
    },
  }));
  const answer = (reply: string): void =>
    asks.take(event("permission.replied", { requestID: asked.at(-1), reply }));
  const ask = (signal?: AbortSignal): Promise<string> =>
    asks.ask({ sessionId, messageId: "msg_1", callId: "call_1", signal }, request).then(
      () => "allowed",
      (error) => String(error.message),
    );
  return { asks, ask, answer };
}

test("a rule decides without anybody", async () => {
  expect(await openCode("allow").ask()).toBe("allowed");
  expect(await openCode("deny").ask()).toContain("has a rule against this");
});

test.each([
  ["once", "allowed"],
  ["always", "allowed"],
  ["reject", "The user denied this"],
])("answered %s: %s", async (reply, outcome) => {
  const { ask, answer } = openCode("ask");
  const asking = ask();
  answer(reply);
  expect(await asking).toBe(outcome);
});

test("a call that is over, and a session that is stopped, are no permission", async () => {
  const over = openCode("ask");
  const ended = new AbortController();
  const asking = over.ask(ended.signal);
  ended.abort();
  expect(await asking).toBe("The user denied this");

  const { asks, ask } = openCode("ask");
  const stopped = ask();
  asks.take(event("session.execution.interrupted", { sessionID: sessionId, reason: "user" }));
  expect(await stopped).toBe("The user denied this");
});

test("what another session is told changes nothing", async () => {
  const { asks, ask, answer } = openCode("ask");
  const asking = ask();
  asks.take(event("permission.replied", { requestID: "per_other", reply: "once" }));
  asks.take(event("session.execution.interrupted", { sessionID: asSessionId("ses_2") }));
  answer("reject");
  expect(await asking).toBe("The user denied this");
});

test("where nobody can be asked it is denied", async () => {
  const asks = createAsks(() => undefined);
  const asking = asks.ask({ sessionId, messageId: "msg_1", callId: "call_1" }, request);
  await expect(asking).rejects.toThrow("cannot ask");
});
