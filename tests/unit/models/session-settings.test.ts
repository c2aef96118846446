import { describe, expect, test } from "bun:test";
import {
  promptSettings,
  SessionSettings,
  verbosityAt,
  withVerbosity,
} from "../../../src/models/session-settings.ts";

const SMALL = { provider: "p", model: "small" };
const BIG = { provider: "p", model: "big" };
const LAST = { agent: "build", model: SMALL, variant: "high" };

describe("what a prompt runs with", () => {
  test.each([
    ["nothing chosen: what the last one did", {}, LAST],
    ["another model: its own variant", { model: BIG }, { agent: "build", model: BIG }],
    [
      "another model and its variant",
      { model: BIG, variant: "low" },
      { agent: "build", model: BIG, variant: "low" },
    ],
    ["another variant", { variant: "low" }, { ...LAST, variant: "low" }],
    ["the default variant", { variant: "" }, { agent: "build", model: SMALL }],
    ["another agent: its own model", { agent: "plan" }, { agent: "plan" }],
    ["the same agent", { agent: "build" }, LAST],
    ["another agent and a model", { agent: "plan", model: BIG }, { agent: "plan", model: BIG }],
  ])("%s", (_, chosen, settings) => {
    expect(promptSettings(LAST, chosen)).toEqual(settings);
  });

  test("in a session without a prompt is what was chosen, or the host's own", () => {
    expect(promptSettings(undefined, { agent: "plan" })).toEqual({ agent: "plan" });
    expect(promptSettings(undefined, {})).toBeUndefined();
  });
});

describe("verbosity", () => {
  test("of a turn is the one that counted when it began", () => {
    const once = withVerbosity({}, { is: "quiet", sinceMs: 100 });
    const twice = withVerbosity(once, { is: "verbose", sinceMs: 200 });
    expect([50, 100, 199, 200].map((at) => verbosityAt(twice, at, "normal"))).toEqual([
      "normal",
      "quiet",
      "quiet",
      "verbose",
    ]);
  });

  test("however often it is changed, what is kept of it stays small", () => {
    let settings: SessionSettings = { agent: "plan" };
    for (let at = 0; at < 50; at++)
      settings = withVerbosity(settings, { is: "quiet", sinceMs: at });
    expect(settings.verbosity?.length).toBeLessThan(10);
    expect(settings.agent).toBe("plan");
  });
});

test("members of a later version are kept", () => {
  expect(SessionSettings.parse({ agent: "plan", mood: "calm" })).toEqual({
    agent: "plan",
    mood: "calm",
  });
});
