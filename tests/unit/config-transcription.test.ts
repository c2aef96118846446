import { describe, expect, test } from "bun:test";
import { loadConfig, tokensIn } from "../../src/config.ts";

const ENV = { MATTERMOST_URL: "https://chat.example.com", MATTERMOST_TOKEN: "token-of-the-bot" };

function transcriptionOf(transcription: unknown, env: Record<string, string>) {
  const result = loadConfig({ transcription }, env);
  if (result.kind !== "ok") throw new Error(JSON.stringify(result));
  return result.config.transcription;
}

function problemsOf(transcription: unknown) {
  const result = loadConfig({ transcription }, ENV);
  if (result.kind !== "wrong") throw new Error(`${result.kind} is not wrong`);
  return result.problems;
}

describe("a service for voice", () => {
  const KEY = "sk-of-the-service";

  test.each([
    [{ url: "https://api.example.com/v1/" }, {}, { model: "whisper-1" }],
    [{ url: "https://api.example.com/v1", key: KEY, model: "m" }, {}, { key: KEY, model: "m" }],
    [{ url: "https://api.example.com/v1", key: "" }, { KEY }, { key: KEY, model: "whisper-1" }],
    [undefined, { URL: "https://api.example.com/v1", KEY, MODEL: "m" }, { key: KEY, model: "m" }],
  ])("of the option %j and the variables %j", (transcription, variables, rest) => {
    const named = Object.entries(variables).map(([name, value]) => [
      `MATTERMOST_TRANSCRIPTION_${name}`,
      value,
    ]);
    const env = { ...ENV, ...Object.fromEntries(named) };
    expect(transcriptionOf(transcription, env)).toEqual({
      url: "https://api.example.com/v1",
      ...rest,
    });
  });

  test.each([
    "https://api.example.com/v1",
    ["https://api.example.com/v1"],
    {},
    { model: "m" },
    { url: "api.example.com", key: KEY },
    { url: "https://api.example.com/v1", key: `${KEY} x` },
    { url: "https://api.example.com/v1", key: KEY, language: "de" },
    { url: "http://api.example.com/v1", key: KEY },
  ])("%j is said to be wrong, and no key is shown", (transcription) => {
    const problems = problemsOf(transcription);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("transcription");
    expect(problems[0]).not.toContain(KEY);
  });

  test("its key is a secret, wherever it comes from", () => {
    const env = { MATTERMOST_TRANSCRIPTION_KEY: "from the environment" };
    const secrets = tokensIn({ transcription: { key: KEY } }, env);
    expect([...secrets].sort()).toEqual(["from the environment", KEY].sort());
  });
});
