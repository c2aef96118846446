import { renderSessionList } from "../render/session-list.ts";
import type { Command } from "./command.ts";

export const sessions: Command = {
  name: "sessions",
  where: ["main"],
  args: "[all]",
  group: "session",
  example: "!sessions all",
  help: "the sessions, those that need you first; `all` adds the ended ones",
  async run({ args, bridge }) {
    const which = args.trim().toLowerCase();
    if (which !== "" && which !== "all")
      return "`!sessions` lists the live ones, `!sessions all` the ended ones too. It takes nothing else.";
    return renderSessionList(await bridge.sessions(), which === "all");
  },
};
