import { onlyInThreadsNotice } from "../render/command-notice.ts";
import { endedHereNotice, needlessWordsNotice } from "../render/notice.ts";
import type { Command } from "./command.ts";

export const end: Command = {
  name: "end",
  aliases: ["close"],
  where: ["thread"],
  args: "[remove]",
  group: "session",
  help: "stop what runs and end the session in this thread; `remove` takes its clean worktree away too",
  example: "!end",
  whenEnded: true,
  async run({ args, thread, sessionId, bridge }) {
    const id = thread?.sessionId ?? sessionId;
    const isRemoved = args.trim().toLowerCase() === "remove";
    if (!id) return onlyInThreadsNotice("end");
    if (args !== "" && !isRemoved) return needlessWordsNotice("end");
    const ended = thread ? [endedHereNotice(await thread.end())] : [];
    const tree = isRemoved ? await bridge.removeWorktree(id) : await bridge.worktreeOffer(id);
    const over = thread || isRemoved ? [] : ["It is over already: `!resume` brings it back."];
    return [...ended, ...over, tree].filter(Boolean).join("\n");
  },
};
