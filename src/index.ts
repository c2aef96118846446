import type { Plugin } from "@opencode-ai/plugin";
import { setup } from "./entry/opencode-2.ts";

/** What both OpenCodes look for in a plugin. The package's types are made of this file alone. */
interface Bridge {
  readonly id: string;
  /** OpenCode 1 calls this one. */
  readonly server: Plugin;
  /** OpenCode 2 calls this one, with its plugin context; what it returns undoes it. */
  readonly setup: (context: unknown) => (() => void) | undefined;
}

/** The SDK of OpenCode 1 is not loaded in OpenCode 2. */
const server: Plugin = async (input, options) => {
  const opencode = await import("./entry/opencode.ts");
  return opencode.server(input, options);
};

const bridge: Bridge = { id: "opencode-mattermost", server, setup };

export default bridge;
