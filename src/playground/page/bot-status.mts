import type { ChatApi } from "./chat-api.mts";
import { find } from "./element.mts";
import { emojiSymbol } from "./emoji.ts";

export interface BotStatus {
  refresh(): void;
}

/** Mattermost does not tell when a status changes; the bot changes its own soon after what it posts. */
export function createBotStatus(api: ChatApi): BotStatus {
  const place = find(".bot-status");
  let isDue = false;
  let later: number | undefined;
  async function show(): Promise<void> {
    isDue = false;
    const { emoji, text } = await api.botStatus();
    place.hidden = emoji === "";
    place.textContent = emojiSymbol(emoji) ?? "";
    place.title = text;
    place.setAttribute("aria-label", `Status: ${text || emoji}`);
  }
  return {
    refresh() {
      if (!isDue) setTimeout(() => void show(), 300);
      isDue = true;
      clearTimeout(later);
      later = window.setTimeout(() => void show(), 2_500);
    },
  };
}
