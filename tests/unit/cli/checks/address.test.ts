import { expect, test } from "bun:test";
import { checkAddress } from "../../../../src/cli/checks/address.ts";

const PROXY = { HTTP_PROXY: "http://proxy.example.com:3128" };

test.each([
  ["http://localhost:8065", {}, "usable"],
  ["http://localhost:8065", PROXY, "address.proxied"],
  ["http://localhost:8065", { ...PROXY, NO_PROXY: "localhost" }, "usable"],
  ["https://localhost:8065", PROXY, "usable"],
  ["http://chat.example.com", {}, "address.insecure"],
])("%s with %j: %s", (url, env, says) => {
  const answer = checkAddress(url, false, env);
  expect<string>(answer.kind === "usable" ? answer.kind : answer.finding.says).toBe(says);
  expect(checkAddress(url, true, env).kind).toBe("usable");
});
