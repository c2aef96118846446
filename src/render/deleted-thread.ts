/** The first post of a thread that takes the place of one that was deleted. */
export const deletedThreadNotice = (): string =>
  "🧵 **The thread of this session was deleted in Mattermost**, so it goes on here, from its last prompt. What you wrote there and was not sent yet is gone with it.";
