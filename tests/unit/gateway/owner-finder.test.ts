// Whose bot it is.
import { describe, expect, test } from "bun:test";
import { resolveIdentity } from "../../../src/gateway/owner-finder.ts";
import { createFakeChat } from "../../support/fake-chat.ts";

const LIKE_AN_ID = "abcdefghijklmnopqrstuvwxyz";

describe("the owner", () => {
  test.each(["alice", "Alice"])("by name: %s", async (name) => {
    const chat = createFakeChat();
    const found = await resolveIdentity(chat, name);
    expect(found).toMatchObject({ kind: "known", identity: { owner: { username: "alice" } } });
  });

  test("by id, whatever the name is by now", async () => {
    const chat = createFakeChat();
    const alice = chat.people["alice"];
    if (!alice) throw new Error("There is no alice.");
    const { id } = alice;
    const renamed = { ...chat, user: async () => ({ ...alice, username: "alicia" }) };
    const found = await resolveIdentity(renamed, id);
    expect(found).toMatchObject({ kind: "known", identity: { owner: { id, username: "alicia" } } });
  });

  test("is nobody where the name is not known", async () => {
    const found = await resolveIdentity(createFakeChat(), "nobody");
    expect(found).toMatchObject({
      kind: "no-owner",
      problem: expect.stringContaining("MATTERMOST_OWNER"),
    });
  });

  test("by an id that is gone is not somebody who is called so", async () => {
    const chat = createFakeChat({ people: ["alice", LIKE_AN_ID] });
    expect((await resolveIdentity(chat, LIKE_AN_ID)).kind).toBe("no-owner");
  });

  test("is nobody while deactivated", async () => {
    const chat = createFakeChat();
    const alice = chat.people["alice"];
    const userByName = async () => alice && { ...alice, deactivated: true };
    const found = await resolveIdentity({ ...chat, userByName }, "alice");
    expect(found).toMatchObject({
      kind: "no-owner",
      problem: expect.stringContaining("deactivated"),
    });
  });

  test("is no bot, and not the bot itself", async () => {
    const found = await resolveIdentity(createFakeChat(), "opencode");
    expect(found).toMatchObject({ kind: "no-owner", problem: expect.stringContaining("a bot") });
  });
});
