// OpenCode's environment names a proxy, without which Mattermost cannot be reached.
import { expect, test } from "bun:test";
import { startHttpProxy } from "../../support/http-proxy.ts";
import { newSession, startWorld } from "../../support/world.ts";

test("a conversation goes through the proxy, both ways", async () => {
  using proxy = await startHttpProxy();
  const world = await startWorld();
  try {
    const url = world.mattermost.url.replace("127.0.0.1", "chat.invalid");
    const opencode = await world.opencode({
      pluginOptions: { url, allowInsecure: true },
      env: {
        HTTP_PROXY: proxy.url,
        http_proxy: proxy.url,
        NO_PROXY: "127.0.0.1,localhost",
        no_proxy: "127.0.0.1,localhost",
      },
    });
    const root = await world.rootOf(await newSession(opencode.client()));
    await world.say(root.id, "hello");
    await world.reply(root.id, /answer to: hello/);
    expect(proxy.requests()).toBeGreaterThan(5);
    expect(proxy.tunnels.length).toBeGreaterThan(0);
    expect(proxy.tunnels[0]?.target).toStartWith("chat.invalid");
    expect(opencode.log()).not.toContain("secret");
  } finally {
    await world.stop();
  }
}, 120_000);
