import { renderStatus } from "../render/status.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  where: ["main"],
  args: "",
  group: "bridge",
  example: "!status",
  help: "the state of the connection between OpenCode and Mattermost",
  run: async ({ bridge }) => renderStatus(await bridge.status(), await bridge.sessions()),
};
