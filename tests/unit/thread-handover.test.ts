// A thread that goes from one process to another, or is left lying in its own.
import { expect, test } from "bun:test";
import { createBridge } from "../../src/bridge.ts";
import { asInstanceId } from "../../src/models/ids.ts";
import { createRig } from "../chaos/fakes/rig.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { createHouse } from "./core/two-processes.ts";

const MINUTE_MS = 60_000;

test("a session that begins to work here while its thread is being opened is taken over all the same", async () => {
  const { process, mapping, store } = await createHouse();
  await process("b");
  const held = Promise.withResolvers<void>();
  const { update } = store;
  store.update = async (...args) => {
    await held.promise;
    return update(...args);
  };
  const a = await process("a", false);
  a.entry.reclaim();
  held.resolve();
  await process("nobody", false);
  expect(a.lost()).toBe(0);
  expect(mapping().owner).toBe(asInstanceId("a"));
});

test("replies that are run late stop where another process gets the thread, which goes on with the rest: each runs once", async () => {
  const house = await createHouse();
  const { clock, host, process, say, prompts } = house;
  const first = await process("before");
  first.die();
  for (const text of ["one", "two", "three"]) await say(text);
  await clock.advance(20 * MINUTE_MS);
  const a = await process("a");
  const offer = house.offer();
  const gate = Promise.withResolvers<void>();
  a.host.prompt = async (...given) => {
    await gate.promise;
    await host.prompt(...given);
  };
  await house.react(offer.id, "arrow_forward");
  await clock.advance(1_000);
  await process("b");
  gate.resolve();
  await clock.advance(5 * MINUTE_MS);
  expect([...prompts()].sort()).toEqual(["one", "three", "two"]);
});

test("a tap that nobody heard is found: in an outage of the socket, and by the next process", async () => {
  const { clock, chat, identity, offer, process, say, prompts, recheck } = await createHouse();
  const tap = () => chat.as("alice").react(identity.owner.id, offer().id, "arrow_forward");
  const first = await process("before");
  first.die();
  await say("one");
  await clock.advance(20 * MINUTE_MS);
  const a = await process("a");
  await tap();
  recheck();
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one"]);
  a.die();
  await say("two");
  await clock.advance(20 * MINUTE_MS);
  (await process("b")).die();
  await tap();
  await process("c");
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one", "two"]);
});

test("a thread that OpenCode's second loading of the plugin left lying is taken up when the owner writes there", async () => {
  const rig = await createRig();
  const { clock, chat, host, gateway, bridge } = rig;
  const { rootId } = await rig.open();
  const logger = createRecordingLogger();
  const directory = bridge.directory;
  const again = { gateway, host, clock, logger, directory, home: "/home/alice" };
  const second = createBridge({ ...again, processStartMs: clock.now() });
  gateway.serve(directory, second);
  second.start();
  await chat.say("go on", rootId);
  await clock.advance(MINUTE_MS);
  expect(host.prompted.size).toBe(1);
  await chat.say("and on", rootId);
  await clock.advance(MINUTE_MS);
  expect(host.prompted.size).toBe(2);
  await second.dispose();
  await rig.stop();
});
