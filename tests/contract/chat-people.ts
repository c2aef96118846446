import { describe, expect, test } from "bun:test";
import { type ChatWorld, noUser } from "./chat-world.ts";

export function peopleContract(world: () => ChatWorld): void {
  describe("people", () => {
    test("are found by id and by name, the bot as a bot", async () => {
      const { chat, bot, owner } = world();
      expect(await chat.me()).toEqual(bot);
      expect(bot.isBot).toBe(true);
      expect(await chat.userByName(owner.username)).toEqual(owner);
      expect(await chat.user(owner.id)).toEqual(owner);
      expect(owner).toMatchObject({ isBot: false, deactivated: false });
    });

    test("that do not exist are no error", async () => {
      const { chat } = world();
      expect(await chat.user(noUser)).toBeUndefined();
      expect(await chat.userByName("nobody_of_this_name")).toBeUndefined();
    });

    test("share one direct channel, whoever asks for it", async () => {
      const { chat, person, bot, owner, dm } = world();
      expect(await chat.directChannel(bot.id, owner.id)).toBe(dm);
      expect(await person.directChannel(owner.id, bot.id)).toBe(dm);
    });

    test("can be shown a status, which can be taken away, also where there is none", async () => {
      const { chat, bot } = world();
      await chat.setCustomStatus(bot.id, { emoji: "gear", text: "working" });
      await chat.setCustomStatus(bot.id, undefined);
      await chat.setCustomStatus(bot.id, undefined);
    });

    test("learn what the server allows", async () => {
      const limits = await world().chat.limits();
      expect(limits.version).toMatch(/^\d+\.\d+/);
      expect(limits.maxPostChars).toBe(16_383);
      expect(limits.maxFileBytes).toBeGreaterThan(0);
      expect(limits.postEditLimitSeconds).toBe(-1);
      expect(limits.siteUrl).not.toEndWith("/");
    });
  });
}
