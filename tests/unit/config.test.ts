import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { loadConfig } from "../../src/config.ts";

const TOKEN = "s3cr3t-token-of-the-bot";
const ENV = { MATTERMOST_URL: "https://chat.example.com", MATTERMOST_TOKEN: TOKEN };

function configOf(options: unknown, env: Record<string, string | undefined> = ENV) {
  const result = loadConfig(options, env);
  if (result.kind !== "ok") throw new Error(JSON.stringify(result));
  return result.config;
}

function problemsOf(options: unknown, env: Record<string, string | undefined> = ENV) {
  const result = loadConfig(options, env);
  if (result.kind !== "wrong") throw new Error(`${result.kind} is not wrong`);
  return result.problems;
}

test("url and token are enough", () => {
  expect(configOf(undefined)).toEqual({
    url: "https://chat.example.com",
    token: TOKEN,
    owner: undefined,
    verbosity: "normal",
    customStatus: true,
    requestsPerSecond: 8,
    requestBurst: 16,
    keepEndedDays: 30,
    maxFileBytes: 50 * 1024 * 1024,
    sessions: "all",
    projectRoots: [],
  });
});

describe("nothing is configured", () => {
  test("what is missing is said with how to set it", () => {
    expect(loadConfig({}, {})).toEqual({
      kind: "off",
      missing: [
        expect.stringContaining("MATTERMOST_URL"),
        expect.stringContaining("MATTERMOST_TOKEN"),
      ],
    });
    expect(loadConfig({ url: "https://chat.example.com" }, {})).toMatchObject({
      missing: [expect.stringContaining("MATTERMOST_TOKEN")],
    });
  });

  test.each([null, undefined, {}, { url: "", token: "" }, { url: null, token: undefined }])(
    "%j is nothing",
    (options) => {
      expect(loadConfig(options, { MATTERMOST_URL: "" }).kind).toBe("off");
    },
  );
});

describe("options and environment", () => {
  test("every option has a variable", () => {
    const env = {
      ...ENV,
      MATTERMOST_OWNER: "@alice",
      MATTERMOST_VERBOSITY: "quiet",
      MATTERMOST_CUSTOM_STATUS: "off",
      MATTERMOST_REQUESTS_PER_SECOND: "2.5",
      MATTERMOST_REQUEST_BURST: "4",
      MATTERMOST_KEEP_ENDED_DAYS: "0.5",
      MATTERMOST_MAX_FILE_BYTES: "1000",
      MATTERMOST_SESSIONS: "interactive",
      MATTERMOST_PROJECT_ROOTS: "~/code, /srv:~",
    };
    expect(configOf({}, env)).toEqual({
      url: ENV.MATTERMOST_URL,
      token: TOKEN,
      owner: "alice",
      verbosity: "quiet",
      customStatus: false,
      requestsPerSecond: 2.5,
      requestBurst: 4,
      keepEndedDays: 0.5,
      maxFileBytes: 1000,
      sessions: "interactive",
      projectRoots: ["~/code", "/srv", "~"],
    });
  });

  test("options win", () => {
    const options = { url: "https://other.example.com/mm/", owner: "bob", customStatus: false };
    const env = { ...ENV, MATTERMOST_OWNER: "alice", MATTERMOST_CUSTOM_STATUS: "true" };
    expect(configOf(options, env)).toMatchObject({
      url: "https://other.example.com/mm",
      owner: "bob",
      customStatus: false,
    });
  });

  test("an option that was substituted by nothing leaves the word to the environment", () => {
    const options = { url: "", token: "", owner: "", requestBurst: "" };
    expect(configOf(options, { ...ENV, MATTERMOST_OWNER: "alice" })).toMatchObject({
      url: ENV.MATTERMOST_URL,
      token: TOKEN,
      owner: "alice",
      requestBurst: 16,
    });
  });
});

describe("wrong values", () => {
  test("all at once, each with its name and what to do", () => {
    const wrong = {
      url: "chat.example.com",
      token: "with space",
      owner: "alice smith",
      verbosity: "loud",
      customStatus: "perhaps",
      allowInsecure: 3,
      requestsPerSecond: 0,
      requestBurst: 1.5,
      keepEndedDays: -1,
      maxFileBytes: "many",
      sessions: "some",
      projectRoots: ["code"],
      colour: "green",
    };
    const problems = problemsOf(wrong, {});
    expect(problems).toHaveLength(Object.keys(wrong).length);
    for (const name of Object.keys(wrong)) {
      expect(problems.filter((problem) => problem.includes(`"${name}"`))).toHaveLength(1);
    }
  });

  test("a variable is named as one", () => {
    expect(problemsOf({}, { ...ENV, MATTERMOST_REQUEST_BURST: "none" })).toEqual([
      expect.stringMatching(/^MATTERMOST_REQUEST_BURST must be a whole number.*"none"/),
    ]);
  });

  test("an unknown option names the known ones", () => {
    expect(problemsOf({ ownr: "alice" })).toEqual([expect.stringMatching(/"ownr".*\bowner\b/)]);
    expect(problemsOf({ constructor: 1 })).toHaveLength(1);
  });

  test.each([
    ["requestsPerSecond", true],
    ["requestsPerSecond", [5]],
    ["requestsPerSecond", "1e3"],
    ["requestsPerSecond", Number.NaN],
    ["requestsPerSecond", Number.POSITIVE_INFINITY],
    ["requestsPerSecond", 1001],
    ["requestBurst", 0],
    ["maxFileBytes", 1.5],
    ["customStatus", 1],
    ["owner", 5],
    ["owner", "@"],
    ["url", 5],
    ["url", "https://"],
    ["url", "ftp://chat.example.com"],
    ["url", "https://chat.example.com?team=a"],
    ["url", "https://chat.example.com/#a"],
    ["token", 5],
  ])("%s cannot be %j", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringContaining(`"${name}"`)]);
  });
});

describe("an unencrypted server", () => {
  test.each([
    "http://localhost:8065",
    "http://LOCALHOST",
    "http://127.0.0.1",
    "http://127.1:8065",
    "http://[::1]:8065",
  ])("%s is this machine", (url) => {
    expect(configOf({ url }).url).toBe(url);
  });

  test.each([
    "http://chat.example.com",
    "HTTP://chat.example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://192.168.0.1",
    "http://0.0.0.0",
  ])("%s is refused unless allowed", (url) => {
    expect(problemsOf({ url })).toEqual([expect.stringContaining("allowInsecure")]);
    expect(configOf({ url, allowInsecure: true }).url).toBe(url);
    expect(configOf({ url }, { ...ENV, MATTERMOST_ALLOW_INSECURE: "yes" }).url).toBe(url);
    expect(loadConfig({ url, allowInsecure: false }, ENV).kind).toBe("wrong");
  });
});

describe("an unencrypted server on this machine, where a proxy is named", () => {
  const PROXY = "http://user:s3cr3t@proxy.example.com:3128";
  const urls = ["http://localhost:8065", "http://127.0.0.1:8065", "http://[::1]:8065"];

  test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
    "is refused while %s would be used for it",
    (name) => {
      for (const url of urls) {
        const { hostname } = new URL(url);
        const problems = problemsOf({ url }, { ...ENV, [name]: PROXY });
        expect(problems).toEqual([expect.stringContaining(`Add ${hostname} to NO_PROXY`)]);
        expect(problems.join()).not.toContain("s3cr3t");
        for (const variable of ["NO_PROXY", "no_proxy"]) {
          const list = `example.org, ${hostname},.internal`;
          expect(configOf({ url }, { ...ENV, [name]: PROXY, [variable]: list }).url).toBe(url);
        }
        expect(configOf({ url, allowInsecure: true }, { ...ENV, [name]: PROXY }).url).toBe(url);
      }
    },
  );

  test.each([
    ["*", true],
    ["localhost:8065", true],
    ["LOCALHOST", true],
    ["localhost:1", false],
    ["localhost 127.0.0.1", false],
    [".localhost", false],
    ["127.0.0.1", false],
    ["", false],
  ])("NO_PROXY=%j exempts localhost:8065: %p", (list, isExempt) => {
    const env = { ...ENV, HTTP_PROXY: PROXY, NO_PROXY: list };
    expect(loadConfig({ url: "http://localhost:8065" }, env).kind).toBe(isExempt ? "ok" : "wrong");
  });

  test("is allowed where the proxy is for https only, and where that is empty", () => {
    for (const env of [{ HTTPS_PROXY: PROXY }, { HTTP_PROXY: "" }, { NO_PROXY: "x" }]) {
      expect(configOf({ url: "http://localhost:8065" }, { ...ENV, ...env }).url).toBeDefined();
    }
  });
});

describe("no secret is printed", () => {
  test("a token that is wrong", () => {
    const problems = problemsOf({ token: `${TOKEN} ${TOKEN}`, url: "nowhere" }, {});
    expect(problems.join()).not.toContain(TOKEN);
    expect(problemsOf({}, { MATTERMOST_TOKEN: `${TOKEN}\n${TOKEN}` }).join()).not.toContain(TOKEN);
  });

  test.each([
    `https://bot:${TOKEN}@chat.example.com`,
    `https://chat.example.com?token=${TOKEN}`,
    `https://chat.example.com/#${TOKEN}`,
  ])("in the url %#", (url) => {
    const [problem] = problemsOf({ url });
    expect(problem).toContain('"url"');
    expect(problem).not.toContain(TOKEN);
  });

  test("whatever else is wrong", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (options) => {
        const result = loadConfig({ ...options, token: TOKEN }, ENV);
        expect(result.kind === "ok" ? "" : JSON.stringify(result)).not.toContain(TOKEN);
      }),
    );
  });
});
