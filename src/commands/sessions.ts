import { renderSessionList } from "../render/session-list.ts";
import type { Command } from "./command.ts";

export const sessions: Command = {
  name: "sessions",
  where: ["main"],
  args: "[all]",
  help: "the sessions, those that need you first; `all` adds the ended ones",
  async run({ args, bridge }) {
    return renderSessionList(await bridge.sessions(), args.trim().toLowerCase() === "all");
  },
};
