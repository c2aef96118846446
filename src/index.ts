import type { Plugin } from "@opencode-ai/plugin";
import { setup } from "./entry/opencode-2.ts";

/** OpenCode 1 calls this one. Its SDK is not loaded in OpenCode 2. */
const server: Plugin = async (input, options) => {
  const opencode = await import("./entry/opencode.ts");
  return opencode.server(input, options);
};

export default { id: "opencode-mattermost", server, setup };
