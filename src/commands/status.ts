import { inlineCode } from "../render/markdown/markup.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  where: ["main"],
  args: "",
  group: "bridge",
  example: "!status",
  help: "the state of the connection between OpenCode and Mattermost",
  async run({ bridge }) {
    const s = await bridge.status();
    const live = (await bridge.sessions()).filter((session) => !session.ended);
    return [
      `**opencode-mattermost ${s.version}** · ${s.connection}`,
      `bot @${s.botName} · owner @${s.ownerName} · Mattermost ${s.server.version}`,
      `${live.length} ${live.length === 1 ? "session" : "sessions"} · ${s.directories.map(inlineCode).join(" ")}`,
      `log ${inlineCode(s.log)} on this machine`,
    ].join("\n");
  },
};
