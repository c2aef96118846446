// Why the server cannot be reached is said in the terminal in the words that setup has, with what to do.
import { describe, expect, test } from "bun:test";
import { loadConfig } from "../../src/config.ts";
import { whyUnreachable } from "../../src/entry/why-unreachable.ts";
import { createOwnerFinder } from "../../src/gateway/owner-finder.ts";
import { createFakeChat, unreachable } from "../support/fake-chat.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { startTlsFront } from "../support/tls-front.ts";

const serve = (answer: (path: string) => Response) =>
  Bun.serve({ port: 0, fetch: ({ url }) => answer(new URL(url).pathname) });

describe("each has its own words", () => {
  test("a web page in place of the API", async () => {
    await using server = serve(() => new Response("<!doctype html><title>Welcome</title>"));
    const why = await whyUnreachable(`http://127.0.0.1:${server.port}`);
    expect(why).toMatch(/web page.*let \/api\/v4 through/);
  });

  test("a path that is not the server's", async () => {
    const ping = "/api/v4/system/ping";
    await using server = serve((path) =>
      path === ping ? Response.json({ status: "OK" }) : new Response("", { status: 404 }),
    );
    const url = `http://127.0.0.1:${server.port}`;
    expect(await whyUnreachable(`${url}/team/channels/town-square`)).toContain(`Use ${url}.`);
    expect(await whyUnreachable(url)).toBeUndefined();
  });

  test("a certificate that nobody vouches for", async () => {
    await using server = serve(() => Response.json({ status: "OK" }));
    const front = await startTlsFront(`http://127.0.0.1:${server.port}`);
    const why = await whyUnreachable(front.url);
    front.stop();
    expect(why).toMatch(/self-signed.*NODE_EXTRA_CA_CERTS/);
  });

  test("nothing that listens", async () => {
    const server = serve(() => new Response());
    const { port } = server;
    await server.stop(true);
    expect(await whyUnreachable(`http://127.0.0.1:${port}`)).toContain("Nothing listens");
  });

  test("a name that is not there", async () => {
    expect(await whyUnreachable("https://chat.invalid")).toContain("There is no host named");
  });
});

test("it is told in the terminal, each reason once, and tried again", async () => {
  const clock = createManualClock();
  const chat = createFakeChat({ clock });
  const told: string[] = [];
  const known: string[] = [];
  let why: string | undefined = "The certificate has expired. Renew it.";
  const finder = createOwnerFinder({
    config: { owner: "alice", url: "https://chat.example.com" },
    chat,
    clock,
    logger: createRecordingLogger(),
    pairing: {
      place: "",
      owner: () => undefined,
      setOwner: () => undefined,
      open: () => undefined,
      begin: () => undefined,
      countWrongTry: () => undefined,
      end: () => undefined,
    },
    knownOwner: { place: "", id: () => undefined, remember: () => undefined },
    isLeader: () => true,
    whyUnreachable: async () => why,
    tell: (message) => told.push(message),
    show: (message) => told.push(message),
    listen: () => undefined,
    onKnown: ({ owner }) => known.push(owner.username),
  });
  chat.faults.fail("me", unreachable(), { times: 1_000 });
  finder.start();
  await clock.advance(300_000);
  expect(told).toEqual([
    "The certificate has expired. Renew it. It is tried again until it answers.",
  ]);
  expect(finder.describe()).toContain("The certificate has expired");
  why = undefined;
  await clock.advance(300_000);
  expect(told).toHaveLength(2);
  expect(told[1]).toContain("Check the url and the network.");
  chat.faults.clear();
  await clock.advance(300_000);
  expect(known).toEqual(["alice"]);
  finder.stop();
});

test.each([
  "https://chat.example.com?",
  "https://chat.example.com#",
  "https://chat.example.com/?#",
])("the url %s is refused, with what to do", (url) => {
  const result = loadConfig({ url, token: "token" }, {});
  expect(result).toMatchObject({
    kind: "wrong",
    problems: [expect.stringMatching(/server alone.*what begins with "\?" or "#"/)],
  });
});
