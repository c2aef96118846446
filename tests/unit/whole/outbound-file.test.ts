import { expect, test } from "bun:test";
import { noAnswer, unreachable } from "../../support/fake-chat.ts";
import { createHouse } from "../../support/two-processes.ts";

const FILE = { name: "a.txt", bytes: new Uint8Array([1]), comment: "here" };

test("a file whose post's outcome is not known is not called unsent", async () => {
  const { chat, clock, process } = await createHouse();
  const { entry } = await process("a");
  chat.faults.fail("createPost", noAnswer(), { after: true });
  chat.faults.fail("thread", unreachable(), { times: 1_000 });
  const said = entry.sendFile(FILE);
  await clock.advance(120_000);
  expect(chat.posts().at(-1)?.message).toBe("here");
  expect(await said).toStartWith("It is not known whether a.txt was sent");
});

test("a file that cannot be uploaded is not sent, and that is said", async () => {
  const { chat, clock, process } = await createHouse();
  const { entry } = await process("a");
  chat.faults.fail("upload", unreachable());
  const said = entry.sendFile(FILE);
  await clock.advance(1_000);
  expect(await said).toStartWith("Not sent");
});
