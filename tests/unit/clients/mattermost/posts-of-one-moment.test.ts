import { expect, test } from "bun:test";
import { createMattermostClient } from "../../../../src/clients/mattermost/mattermost-client.ts";
import { createRateBudget } from "../../../../src/clients/mattermost/rate-budget.ts";
import { startStandIn } from "../../../../src/playground/stand-in/stand-in.ts";
import { systemClock } from "../../../../src/timing/system-clock.ts";

test("what was made in the millisecond of a channel's first post comes after it", async () => {
  const moment = Date.now();
  const server = await startStandIn({ now: () => moment });
  const budget = createRateBudget({ clock: systemClock, perSecond: 1_000, burst: 1_000 });
  const bot = createMattermostClient({ baseUrl: server.url, token: server.bot.token, budget });
  const me = await bot.me();
  const alice = await bot.userByName("alice");
  const channelId = await bot.directChannel(me.id, alice?.id ?? me.id);
  const write = (message: string) =>
    bot.createPost({ channelId, message, props: {}, pendingPostId: message }, "normal");
  const first = await write("first");
  const others = [await write("second"), await write("third")];
  const after = await bot.postsAfter(channelId, first.id);
  await server.stop();
  expect(after.map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
});
