import { hostCommand } from "./command.ts";

export const share = hostCommand(
  "share",
  {
    name: "share",
    args: "",
    group: "session",
    help: "put the session on a public page, for whoever has its address",
    example: "!share",
  },
  async ({ thread }, publish) =>
    `🔗 Shared: ${await publish(thread.sessionId)}\n\`!unshare\` takes it back.`,
);

export const unshare = hostCommand(
  "unshare",
  {
    name: "unshare",
    args: "",
    group: "session",
    help: "take the session's public page back",
    example: "!unshare",
  },
  async ({ thread }, takeBack) => {
    await takeBack(thread.sessionId);
    return "🔗 Not shared any more.";
  },
);
