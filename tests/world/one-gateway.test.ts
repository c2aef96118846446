// "I named it in opencode.json and had it in .opencode/plugin as well. One of the two wanted to be paired." "My second project is set to quiet, and was not."
import { afterEach, describe, expect, test } from "bun:test";
import { loadConfig } from "../../src/config.ts";
import { gatewayOf } from "../../src/entry/serve-directory.ts";
import { settingsNotFollowed } from "../../src/entry/settings-not-followed.ts";
import { joinGateway } from "../../src/gateway/gateway-registry.ts";
import { createStreet } from "../support/several-gateways.ts";

const REGISTRY = Symbol.for("opencode-mattermost");

/** One OpenCode, whose loads of the plugin name the owner or not. */
function createLoads() {
  const before = Reflect.get(globalThis, REGISTRY);
  Reflect.deleteProperty(globalThis, REGISTRY);
  restore = () => void Reflect.set(globalThis, REGISTRY, before ?? new Map());
  const street = createStreet();
  const running = new Set<string>();
  const serving = new Map<string, string>();
  let made = 0;
  return {
    running,
    serving,
    load(directory: string, owner?: string, bot = "bot") {
      return joinGateway({
        bot,
        owner,
        directory,
        makeGateway() {
          const name = `${bot} of ${owner ?? "nobody"} ${++made}`;
          const { gateway } = street.process(name, { owner });
          const stop = gateway.stop;
          return {
            ...gateway,
            start: () => void running.add(name),
            stop() {
              running.delete(name);
              stop();
            },
          };
        },
        makeServed(_, over) {
          const served = { name: `${directory} ${owner ?? "nobody"}`, over };
          serving.set(served.name, directory);
          return served;
        },
        retire(served) {
          serving.delete(served.name);
          served.over();
        },
      });
    },
  };
}

let restore = (): void => undefined;
afterEach(() => restore());

describe("loaded with the owner's name and without it", () => {
  test.each([[["alice", undefined]], [[undefined, "alice"]], [[undefined, "alice", undefined]]])(
    "%j: one gateway, the one that knows the owner, and one that serves",
    (owners) => {
      const { load, running, serving } = createLoads();
      for (const owner of owners) load("/a", owner);
      expect([...running]).toEqual([expect.stringContaining("bot of alice")]);
      expect([...serving.keys()]).toEqual(["/a alice"]);
    },
  );

  test("another folder that does not name them is served with them too", () => {
    const { load, running } = createLoads();
    load("/a", "alice");
    load("/b");
    expect(running.size).toBe(1);
  });

  test("a folder that was there without them goes on as it is", () => {
    const { load, running, serving } = createLoads();
    load("/a");
    load("/b");
    load("/b", "alice");
    expect(running.size).toBe(2);
    expect([...serving.keys()]).toEqual(["/a nobody", "/b alice"]);
  });

  test("two owners, or two bots, are two", () => {
    const { load, running } = createLoads();
    load("/a", "alice");
    load("/a", "bob");
    load("/a", "alice", "another bot");
    load("/b", undefined, "third bot");
    expect(running.size).toBe(4);
  });
});

describe("settings of a second folder that differ", () => {
  const settings = (more: object) => {
    const loaded = loadConfig({ url: "https://chat.test", token: "token", ...more }, {});
    if (loaded.kind !== "ok") throw new Error("These settings are refused.");
    return loaded;
  };

  test("what is its own is followed", async () => {
    const { gateway } = createStreet().process("here");
    const quiet = gatewayOf(
      gateway,
      settings({ verbosity: "quiet", maxFileBytes: 5, sessions: "none" }).config,
    );
    gateway.start();
    expect([quiet.maxFileBytes, quiet.opensThreads]).toEqual([5, false]);
    expect((await quiet.ready()).context.verbosity).toBe("quiet");
    expect((await gateway.ready()).context.verbosity).toBe("normal");
  });

  test("what is the bot's is said not to be", () => {
    const { config: bot } = settings({ requestsPerSecond: 4 });
    const second = settings({ requestsPerSecond: 9, customStatus: false, verbosity: "quiet" });
    expect(settingsNotFollowed(second, { bot })).toMatch(
      /customStatus false, but true.*requestsPerSecond 9, but 4/,
    );
    expect(settingsNotFollowed(second, { bot })).not.toContain("verbosity");
    expect(settingsNotFollowed(second, { bot, directory: bot })).toContain(
      "verbosity quiet, but normal",
    );
  });

  test("what it does not set, or sets alike, is no word worth", () => {
    const { config: bot } = settings({ requestsPerSecond: 4, verbosity: "verbose" });
    expect(settingsNotFollowed(settings({}), { bot, directory: bot })).toBeUndefined();
    const alike = settings({ requestsPerSecond: 4, verbosity: "quiet" });
    expect(settingsNotFollowed(alike, { bot })).toBeUndefined();
  });
});
