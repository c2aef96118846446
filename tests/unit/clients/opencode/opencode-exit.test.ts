// What OpenCode's `dispose` means: the end of the process, or a new load in a moment.
import { expect, test } from "bun:test";
import { createExitSign } from "../../../../src/clients/opencode/opencode-exit.ts";
import { createManualClock } from "../../../support/manual-clock.ts";

/** A terminal that says these things to OpenCode's thread; the last one is what calls `dispose`. */
async function inTerminal(...said: readonly string[]): Promise<boolean> {
  const terminal = new EventTarget();
  const clock = createManualClock();
  const sign = createExitSign({ terminal, commandLine: ["opencode"], clock });
  const say = (data: string) => terminal.dispatchEvent(new MessageEvent("message", { data }));
  for (const words of said.slice(0, -1)) say(words);
  const asked = sign.isEnding();
  for (const words of said.slice(-1)) say(words);
  await clock.advance(50);
  return asked;
}

const call = (method: string, input?: unknown): string =>
  JSON.stringify({ type: "rpc.request", method, input, id: 1 });

test("in a terminal: it ends where that is what the terminal asked for", async () => {
  expect(await inTerminal(call("fetch"), call("shutdown"))).toBe(true);
  expect(await inTerminal(call("fetch"), call("reload"))).toBe(false);
  expect(await inTerminal(call("reload"), call("fetch", { url: "/instance/dispose" }))).toBe(false);
});

test("a prompt that speaks of the end is none", async () => {
  expect(await inTerminal(call("fetch", { body: call("shutdown") }))).toBe(false);
});

test("in a terminal whose words are not understood it is taken for the end", async () => {
  expect(await inTerminal("something new")).toBe(true);
  expect(await inTerminal()).toBe(true);
});

test.each([
  ["serve", false],
  ["web", false],
  ["run", true],
])("without a terminal, in `opencode %s`: %s", async (command, ends) => {
  const commandLine = ["bun", "/$bunfs/root/opencode", command, "--port", "0"];
  const sign = createExitSign({ terminal: undefined, commandLine, clock: createManualClock() });
  expect(await sign.isEnding()).toBe(ends);
});
