// What each answer and each silence of an address means.
import { expect, test } from "bun:test";
import { checkReach, type Looking } from "../../../../src/cli/checks/reach.ts";
import type { Look } from "../../../../src/clients/mattermost/http.ts";

const PING = "/api/v4/system/ping";
const MATTERMOST: Look = { kind: "answer", status: 200, location: "", body: '{"status":"OK"}' };
const PAGE: Look = { kind: "answer", status: 200, location: "", body: "<!DOCTYPE html><html>" };
const silence = (code: string): Look => ({ kind: "silence", code, timedOut: false });
const answer = (status: number, body = "", location = ""): Look => ({
  kind: "answer",
  status,
  location,
  body,
});

/** `answers`: by address; elsewhere nobody is. */
function looking(answers: Readonly<Record<string, Look>>, more: Partial<Looking> = {}): Looking {
  return {
    lookAt: async (address) => answers[address.replace(PING, "")] ?? silence("ECONNREFUSED"),
    connectTo: async () => "ECONNREFUSED",
    proxy: undefined,
    withinMs: 15_000,
    ...more,
  };
}

test.each([
  ["CERT_HAS_EXPIRED", "tls.expired"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls.self-signed"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tls.self-signed"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls.unknown-issuer"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls.unknown-issuer"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls.other-name"],
  ["EPROTO", "tls.none"],
  ["ENOTFOUND", "reach.no-host"],
  ["EAI_AGAIN", "reach.no-host"],
  ["ECONNREFUSED", "reach.closed"],
  ["EHOSTUNREACH", "reach.no-route"],
  ["ECONNRESET", "reach.cut"],
  ["ESOMETHING", "reach.other"],
] as const)("%s is %s", async (code, says) => {
  const found = await checkReach("https://chat", looking({ "https://chat": silence(code) }));
  expect(found.says).toBe(says);
});

test.each([
  [answer(301, "", "https://login.example.com/?token=secret"), "reach.redirect"],
  [answer(429), "reach.limited"],
  [answer(502), "reach.gateway"],
  [answer(404, "404 page not found"), "reach.not-mattermost"],
  [answer(200, "[1, 2]"), "reach.not-mattermost"],
  [PAGE, "reach.html"],
] as const)("%j is %s", async (look, says) => {
  const found = await checkReach("https://chat", looking({ "https://chat": look }));
  expect(found.says).toBe(says);
  expect(JSON.stringify(found.facts)).not.toContain("secret");
});

test("a refused connection is looked at more closely, because Bun calls three things so", async () => {
  const says = async (url: string, code: string): Promise<string> =>
    (await checkReach(url, looking({}, { connectTo: async () => code }))).says;
  expect(await says("https://chat", "ENOTFOUND")).toBe("reach.no-host");
  expect(await says("https://chat", "")).toBe("tls.none");
  expect(await says("http://127.0.0.1:1", "")).toBe("reach.cut");
});

test("through a proxy it is the proxy that is not there, or that refuses", async () => {
  const proxy = "http://proxy:3128";
  expect((await checkReach("https://chat", looking({}, { proxy }))).says).toBe("proxy.unreachable");
  const refused = looking({ "https://chat": answer(407) }, { proxy });
  expect(await checkReach("https://chat", refused)).toMatchObject({
    says: "proxy.refuses",
    facts: { status: 407, proxy },
  });
});

test("of a page's address the longest part is found at which Mattermost answers", async () => {
  const answers = {
    "https://chat": PAGE,
    "https://chat/mm": MATTERMOST,
    "https://chat/mm/t/pl/x": PAGE,
  };
  const found = await checkReach("https://chat/mm/t/pl/x", looking(answers));
  expect(found).toMatchObject({ says: "reach.path", facts: { better: "https://chat/mm" } });
});

test.each([
  ["where it sends on to https", answer(301, "", "https://chat/"), MATTERMOST],
  ["where it does not understand", silence("ECONNRESET"), silence("DEPTH_ZERO_SELF_SIGNED_CERT")],
  ["where it says so", answer(400, "Client sent an HTTP request to an HTTPS server."), MATTERMOST],
])("http for https is found %s", async (_where, plain, secure) => {
  const found = await checkReach(
    "http://chat",
    looking({ "http://chat": plain, "https://chat": secure }),
  );
  expect(found).toMatchObject({ says: "reach.http-for-https", facts: { better: "https://chat" } });
});
