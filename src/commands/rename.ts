import { oneLine } from "../render/markdown/chars.ts";
import { hostCommand } from "./command.ts";

export const rename = hostCommand(
  "rename",
  {
    name: "rename",
    aliases: ["title"],
    args: "TITLE",
    group: "session",
    help: "give the session another title",
    example: "!rename Fix the flaky retry test",
  },
  async ({ args, thread }, renameTo) => {
    await renameTo(thread.sessionId, oneLine(args));
    return "";
  },
);
