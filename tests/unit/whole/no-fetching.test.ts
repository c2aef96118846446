// An address can carry secrets: nothing in a post is fetched by being looked at.
import { expect, test } from "bun:test";
import { createHouse } from "../../support/two-processes.ts";

test("every post tells Mattermost to show no pictures and fetch no previews; a file's comment has none either", async () => {
  const { chat, process, say, clock } = await createHouse();
  const { entry } = await process("a");
  const comment = "![look](https://elsewhere.test/?secret)";
  const sent = entry.sendFile({ name: "a.txt", bytes: new Uint8Array([1]), comment });
  await clock.advance(1_000);
  expect(await sent).toContain("Sent a.txt");
  await say("!help");
  await clock.advance(1_000);
  const posts = chat.posts().filter(({ userId }) => userId === chat.bot.id);
  expect(posts.length).toBeGreaterThan(2);
  for (const { props, message } of posts) {
    expect(props).toMatchObject({ unsafe_links: "true" });
    expect(message).not.toContain("![look](");
  }
});
