// Whose bot it is.
import { describe, expect, test } from "bun:test";
import { StoreError } from "../../../src/errors.ts";
import { resolveIdentity } from "../../../src/gateway/owner-finder.ts";
import type { UserId } from "../../../src/models/ids.ts";
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

describe("a username that changes hands", () => {
  const remembered = () => {
    let kept: UserId | undefined;
    return {
      place: "/state/owner-1",
      id: () => kept,
      remember(id: UserId) {
        kept = id;
      },
    };
  };

  test("is the owner's as long as it means the same person, in any spelling", async () => {
    const chat = createFakeChat();
    const known = remembered();
    for (const name of ["alice", "Alice", "alice"]) {
      expect((await resolveIdentity(chat, name, known)).kind).toBe("known");
    }
    expect(known.id()).toBe(idOf(chat, "alice"));
  });

  test("is nobody's when it means another person, and what to do is said", async () => {
    const chat = createFakeChat({ people: ["alice", "mallory"] });
    const known = remembered();
    await resolveIdentity(chat, "alice", known);
    const mallory = chat.people["mallory"];
    const userByName = async () => mallory && { ...mallory, username: "alice" };
    const found = await resolveIdentity({ ...chat, userByName }, "alice", known);
    const problem = found.kind === "no-owner" ? found.problem : "";
    expect(problem).toMatch(/another person.*MATTERMOST_OWNER.*\/state\/owner-1/);
    expect(problem).toContain(`${idOf(chat, "alice")}`);
    expect(problem).toContain(`${mallory?.id}`);
    expect(known.id()).toBe(idOf(chat, "alice"));
  });

  test("is nobody's where it cannot be told whom it meant", async () => {
    const unreadable = () => {
      throw new StoreError("the file cannot be read", { kind: "io" });
    };
    const known = { place: "", id: unreadable, remember: unreadable };
    expect(await resolveIdentity(createFakeChat(), "alice", known)).toMatchObject({
      kind: "no-owner",
      problem: expect.stringContaining("the file cannot be read"),
    });
  });

  test("is not remembered where the owner is named by id, nor where it is nobody's", async () => {
    const chat = createFakeChat();
    const known = remembered();
    await resolveIdentity(chat, `${idOf(chat, "alice")}`, known);
    await resolveIdentity(chat, "opencode", known);
    await resolveIdentity(chat, "nobody", known);
    expect(known.id()).toBeUndefined();
  });
});

function idOf(chat: ReturnType<typeof createFakeChat>, name: string): UserId {
  const person = chat.people[name];
  if (!person) throw new Error(`There is no ${name}.`);
  return person.id;
}
