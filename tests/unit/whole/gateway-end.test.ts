// What ends with a process's gateway.
import { expect, test } from "bun:test";
import { HostError } from "../../../src/errors.ts";
import { createStreet } from "../../support/several-gateways.ts";

const HOUR_MS = 3_600_000;

test("what a process was about to send again is not sent when it has gone", async () => {
  const { clock, chat, process } = createStreet();
  const only = process("only");
  await only.up();
  const { rootId } = await only.open();
  let sent = 0;
  only.host.prompt = async () => {
    sent++;
    throw new HostError("no answer", { kind: "unknown" });
  };
  await chat.say("go on", rootId);
  await clock.advance(500);
  expect(sent).toBe(1);
  only.kill();
  await clock.advance(HOUR_MS);
  expect(sent).toBe(1);
});
