// How much of the model's context window is filled: the card says it where OpenCode knows how large that is.
import { expect, test } from "bun:test";
import { HostError } from "../../../src/errors.ts";
import type { AssistantMessage } from "../../../src/models/host-event.ts";
import { reply, status, user } from "../../support/events.ts";
import { createHouse } from "../../support/two-processes.ts";

async function createThread(limits: Readonly<Record<string, number>> = { big: 200_000 }) {
  const house = await createHouse();
  const { chat, clock, host, mapping } = house;
  for (const [model, contextLimit] of Object.entries(limits)) host.offer({ model, contextLimit });
  const { entry } = await house.process("a");
  let steps = 0;
  return {
    ...house,
    async answers(model: string, contextTokens: number, about: Partial<AssistantMessage> = {}) {
      const id = ++steps;
      const message = { model, contextTokens, finished: true, ...about };
      for (const event of [user(`m${id}`, id), status("busy"), reply(`a${id}`, `m${id}`, message)])
        entry.runtime.apply(event);
      await clock.advance(5_000);
    },
    card: () => chat.posts().find(({ id }) => id === mapping().rootPostId)?.message ?? "",
    asked: () => host.calls.filter(({ call }) => call === "models").length,
  };
}

test("the share of it, OpenCode being asked once", async () => {
  const { answers, card, asked } = await createThread();
  await answers("big", 20_000, { provider: "scripted" });
  expect(card()).toContain("\nbig · context 10 %");
  await answers("big", 46_000, { provider: "scripted" });
  expect(card()).toContain("\nbig · context 23 %");
  expect(asked()).toBe(1);
});

test("another model, another limit; where that is not known the tokens are shown", async () => {
  const { answers, card } = await createThread({ big: 200_000, small: 100_000 });
  await answers("big", 46_000);
  await answers("small", 46_001);
  expect(card()).toContain("\nsmall · context 46 %");
  await answers("strange", 46_002);
  expect(card()).toContain("\nstrange · context 46k");
});

test("two providers with one model's name are two models", async () => {
  const { answers, asked } = await createThread();
  await answers("big", 1_000, { provider: "one" });
  await answers("big", 2_000, { provider: "two" });
  expect(asked()).toBe(2);
});

test("where OpenCode does not answer it is asked again with the next step", async () => {
  const { host, answers, card } = await createThread();
  host.fail("models", new HostError("no answer", { kind: "unknown" }));
  await answers("big", 20_000);
  expect(card()).toContain("\nbig · context 20k");
  await answers("big", 46_000);
  expect(card()).toContain("\nbig · context 23 %");
});

test("an answer that comes when another model works already changes nothing", async () => {
  const { clock, host, answers, card } = await createThread({ big: 200_000, small: 100_000 });
  const held = host.hang("models");
  await answers("big", 46_000);
  await answers("small", 46_001);
  held.release();
  await clock.advance(5_000);
  expect(card()).toContain("\nsmall · context 46 %");
});
