// The environment names a proxy: requests go through it, and so must the socket, or nothing that the owner writes is heard.
import { expect, test } from "bun:test";
import { startHttpProxy } from "../../../support/http-proxy.ts";
import { until } from "../../../support/until.ts";
import { aClient, friendly } from "./socket-under-test.ts";

/** A host that only the proxy knows. */
const INSIDE = "chat.invalid";

test("the socket goes through it, and keeps to that", async () => {
  using proxy = await startHttpProxy();
  using client = aClient(friendly(), "", { host: INSIDE, proxy: proxy.url });
  await client.start();
  await until("live", client.is("live"));
  client.socket.reconnect("to see the way again");
  await client.nextTry();
  await until("live again", client.is("live"));
  expect(client.server.upgrades).toHaveLength(2);
  expect(proxy.tunnels).toHaveLength(2);
  expect(proxy.tunnels[0]?.target).toStartWith(INSIDE);
  expect(proxy.tunnels[0]?.credentials).toBe(`Basic ${btoa("bob:secret")}`);
});

test("one that lets no sockets through: the next try goes there directly, and so do those after it", async () => {
  using proxy = await startHttpProxy(false);
  using client = aClient(friendly(), "", { proxy: proxy.url });
  await client.start();
  await until("the refusal", client.is("waiting"));
  await client.nextTry();
  await until("live", client.is("live"));
  client.socket.reconnect("to see the way again");
  await client.nextTry();
  await until("live again", client.is("live"));
  expect(proxy.tunnels).toHaveLength(1);
  expect(JSON.stringify([client.states, client.logger.lines])).not.toContain("secret");
});
