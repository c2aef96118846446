import { endedHereNotice } from "../render/notice.ts";
import { threadCommand } from "./command.ts";

export const end = threadCommand(
  {
    name: "end",
    aliases: ["close"],
    args: "",
    group: "session",
    help: "stop what runs and end the session in this thread; `!resume` brings it back",
    example: "!end",
  },
  async ({ thread }) => endedHereNotice(await thread.end()),
);
