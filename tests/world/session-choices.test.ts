// Model, agent, variant and verbosity: chosen from a phone, for one session, until they are chosen anew.
import { describe, expect, test } from "bun:test";
import { HostError, StoreError } from "../../src/errors.ts";
import type { PromptSettings } from "../../src/models/host-offers.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { ROOT, tool } from "../support/events.ts";

const PROVIDERS = 20;

/** A thread whose OpenCode has four hundred models, and has run with one of them. */
async function createTalk() {
  const thread = await createAskingThread();
  const { host, chat, clock, say, prompts } = thread;
  for (let at = 0; at < 400; at++) {
    const number = at % PROVIDERS;
    const model = at < PROVIDERS ? `sonnet-${number}` : `model-${at}`;
    const about = { provider: `provider-${number}`, providerName: `Provider ${number}` };
    host.offer({ ...about, model, name: model, variants: at === 0 ? ["low", "high"] : [] });
  }
  host.offered.agents.push({ name: "build", description: "Builds." });
  host.offered.agents.push({ name: "plan", description: "Plans only." });
  const ran = (): PromptSettings | undefined => host.prompts.at(-1)?.prompt.settings;
  return {
    ...thread,
    ran,
    /** Says something, and what the bot answers to it. */
    async ask(text: string): Promise<string> {
      const post = await say(text);
      await clock.advance(1_000);
      const found = chat.posts().findLast(({ props }) => {
        const [kind, id] = readPostMark(props)?.key.split("/") ?? [];
        return kind === "reply" && id === post.id;
      });
      return found?.message ?? "";
    },
    list: () => {
      const found = chat.posts().findLast(({ props }) => {
        return readPostMark(props)?.key.match(/^reply\/\w+\/\w+$/);
      });
      if (!found) throw new Error("Nothing was listed.");
      return found;
    },
    /** A prompt, and what it ran with. */
    async prompt(text: string) {
      const before = prompts().length;
      await say(text);
      await clock.advance(1_000);
      expect(prompts()).toHaveLength(before + 1);
      return ran();
    },
  };
}

const SONNET_3 = { provider: "provider-3", model: "sonnet-3" };

describe("!model", () => {
  test("with four hundred models is a few lines, and says how to go on", async () => {
    const { ask } = await createTalk();
    const answer = await ask("!model");
    expect(answer).toContain("400 models");
    expect(answer).toContain("**Provider 7** 20");
    expect(answer).toContain("`!model WORDS`");
    expect(answer.length).toBeLessThan(1_000);
  });

  test("with words that mean one model sets it, for every prompt from then on", async () => {
    const { ask, prompt } = await createTalk();
    expect(await prompt("before")).toBeUndefined();
    expect(await ask("!model sonnet-3")).toContain("`provider-3/sonnet-3` from the next prompt on");
    expect(await prompt("after")).toEqual({ model: SONNET_3 });
    expect(await ask("!model provider-5 sonnet")).toContain("`provider-5/sonnet-5` from");
    expect(await prompt("later")).toEqual({ model: { provider: "provider-5", model: "sonnet-5" } });
  });

  test("several hits are listed by provider, ten or fewer with numbers to tap", async () => {
    const { ask, list, clock, host } = await createTalk();
    const marks = () => list().reactions.map(({ emoji }) => emoji);
    const many = await ask("!model provider-9 model");
    expect(many).toMatch(/^\*\*1\*\* · `provider-9\/model-29` – /m);
    expect(many).toContain("**Provider 9**");
    expect(many.match(/^\*\*\d+\*\* · /gm)).toHaveLength(29);
    await clock.advance(5_000);
    expect(marks()).toEqual([]);
    for (const model of ["mini-a", "mini-b", "mini-c"]) host.offer({ model });
    await ask("!model mini");
    await clock.advance(5_000);
    expect(list().message).toContain("**3** · `scripted/mini-c`");
    expect(marks()).toEqual(["one", "two", "three"]);
  });

  test("no hit says so, and what there is", async () => {
    const { ask } = await createTalk();
    const answer = await ask("!model llama");
    expect(answer).toStartWith("No model is like `llama`.");
    expect(answer).toContain("**Provider 0** 20");
  });

  test("a number tapped on the list chooses, and the list says what was chosen", async () => {
    const { ask, list, react, prompt, chat, clock } = await createTalk();
    await ask("!agent");
    const { id } = list();
    await react(id, "two");
    await clock.advance(1_000);
    expect(chat.posts().find((post) => post.id === id)?.message).toBe(
      "🤖 Agent `plan` from the next prompt on.",
    );
    expect(await prompt("go")).toEqual({ agent: "plan" });
    await react(id, "one");
    await clock.advance(1_000);
    expect(await prompt("go on")).toEqual({ agent: "plan" });
  });

  test("a number typed right after the list chooses", async () => {
    const { say, ask, ran, list, clock, prompts, marks, prompt } = await createTalk();
    await ask("!model sonnet");
    const number = await say("4");
    await clock.advance(1_000);
    expect(prompts()).toEqual([]);
    expect(marks(number.id)).toEqual(["eyes"]);
    expect(list().message).toContain("`provider-3/sonnet-3` from the next prompt on");
    await prompt("go");
    expect(ran()).toEqual({ model: SONNET_3 });
  });

  test("a number that the list does not have chooses nothing and goes nowhere", async () => {
    const { ask, prompts } = await createTalk();
    await ask("!model sonnet");
    expect(await ask("21")).toContain("numbers from 1 to 20");
    expect(prompts()).toEqual([]);
  });

  test.each(["3 files", "12", "0", "two"])(
    "%j written when something else has come since is a prompt",
    async (text) => {
      const { ask, prompts, say, clock } = await createTalk();
      await ask("!model sonnet");
      await ask("!verbosity");
      await say(text);
      await clock.advance(1_000);
      expect(prompts()).toEqual([text]);
    },
  );

  test.each(["3 files", "3 and 4", "1.5"])("%j right after the list is a prompt", async (text) => {
    const { ask, prompts, say, clock } = await createTalk();
    await ask("!model sonnet");
    await say(text);
    await clock.advance(1_000);
    expect(prompts()).toEqual([text]);
  });

  test("a second number, when the list has been chosen from, is a prompt", async () => {
    const { ask, prompts, say, clock } = await createTalk();
    await ask("!model sonnet");
    for (const number of ["4", "5"]) {
      await say(number);
      await clock.advance(1_000);
    }
    expect(prompts()).toEqual(["5"]);
  });

  test("an OpenCode that does not answer changes nothing, and I am told", async () => {
    const { ask, host, prompt } = await createTalk();
    host.fail("models", new HostError("busy", { kind: "unknown" }));
    expect(await ask("!model sonnet-3")).toContain("`!model` did not work: busy");
    expect(await prompt("go")).toBeUndefined();
  });
});

describe("!variant", () => {
  test("knows those of the model in use", async () => {
    const { ask, prompt } = await createTalk();
    expect(await ask("!variant")).toContain("`!model` chooses one");
    await ask("!model sonnet-3");
    expect(await ask("!variant high")).toContain("no variants");
    await ask("!model sonnet-0");
    expect(await ask("!variant")).toMatch(/`default` – now[\s\S]*`low`[\s\S]*`high`/);
    expect(await ask("!variant highest")).toContain("no variant `highest`");
    await ask("!variant HIGH");
    const model = { provider: "provider-0", model: "sonnet-0" };
    expect(await prompt("go")).toEqual({ model, variant: "high" });
    await ask("!variant default");
    expect(await prompt("go")).toEqual({ model });
  });
});

describe("what was chosen", () => {
  test("outlives the process", async () => {
    const { ask, die, process, host, say, clock } = await createTalk();
    await ask("!model sonnet-3");
    await ask("!agent plan");
    die();
    await process("b");
    await clock.advance(1_000);
    await say("go");
    await clock.advance(1_000);
    expect(host.prompts.at(-1)?.prompt.settings).toEqual({ agent: "plan", model: SONNET_3 });
  });

  test("is not said to be chosen where it cannot be kept", async () => {
    const { ask, store, prompt } = await createTalk();
    await ask("!model");
    const failure = new StoreError("no space left", { kind: "io" });
    store.failure = failure;
    expect(await ask("!model sonnet-3")).toContain("did not work: no space left");
    store.failure = undefined;
    expect(await prompt("go")).toBeUndefined();
  });

  test("counts also for a prompt that still waits for its file", async () => {
    const { ask, sayWithFile, chat, clock, host } = await createTalk();
    const download = chat.faults.hang("download");
    await sayWithFile("look at this");
    await download.reached;
    await ask("!model sonnet-3");
    download.release();
    await clock.advance(1_000);
    expect(host.prompts.at(-1)?.prompt.settings).toEqual({ model: SONNET_3 });
  });

  test("nothing that I end waits for a list that OpenCode is slow to give", async () => {
    const { works, host, say, clock } = await createTalk();
    works();
    host.hang("models");
    await say("!model");
    await say("!stop");
    await clock.advance(100);
    expect(host.aborted).toEqual([ROOT]);
  });
});

describe("!verbosity", () => {
  test("shows and changes how turns look, from the next on", async () => {
    const { ask, say, runsNewest, clock, chat, entry, host } = await createTalk();
    expect(await ask("!verbosity")).toContain("`normal`");
    expect(await ask("!verbosity loud")).toContain("takes `quiet`, `normal` or `verbose`");
    const turnPosts = (): number =>
      chat.posts().filter(({ props }) => readPostMark(props)?.key.startsWith("msg_")).length;
    for (const [verbosity, shown] of [
      ["quiet", 0],
      ["normal", 1],
    ] as const) {
      await ask(`!verbosity ${verbosity}`);
      await say("go");
      await clock.advance(1_000);
      runsNewest();
      entry.runtime.apply(tool(`${host.prompts.at(-1)?.prompt.id}-a`, verbosity));
      await clock.advance(20_000);
      expect(turnPosts()).toBe(shown);
    }
  });
});
