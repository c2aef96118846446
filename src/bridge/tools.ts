import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { messageOf } from "../errors.ts";
import type { AgentTool, ToolCallPlace } from "../models/agent-tool.ts";
import type { Redactor } from "../models/redaction.ts";
import type { Bridge } from "./bridge.ts";
import { type OpenedFile, openFile } from "./opened-file.ts";

/** The code is for the person, and not for whoever reads the conversation. */
const NO_OWNER =
  "No owner yet. Tell the user to look at the terminal, which shows a code: they send it to the bot in Mattermost.";

/** The tools that the agent gets. */
export function createTools(
  bridge: Bridge,
  showPairing: () => boolean,
  redactor: Redactor,
): readonly AgentTool[] {
  return [
    {
      name: "mattermost_send_file",
      description: "Send a file to the user's Mattermost thread.",
      asks: true,
      args: {
        path: { about: "File to send" },
        comment: { about: "Text to go with it", optional: true },
      },
      execute: async ({ path = "", comment = "" }, call) =>
        redactor.text(await sendAsked(bridge, { path, comment }, call)),
    },
    {
      name: "mattermost_status",
      description: "Show how this session is connected to Mattermost.",
      asks: false,
      args: {},
      async execute(_, { sessionId }) {
        if (showPairing()) return NO_OWNER;
        return redactor.text(await bridge.describe(sessionId));
      },
    },
  ];
}

async function sendAsked(
  bridge: Bridge,
  { path, comment }: { readonly path: string; readonly comment: string },
  call: ToolCallPlace,
): Promise<string> {
  const { directory, worktree } = call;
  const folders = [directory, ...(worktree === undefined ? [] : [worktree])];
  const file = await openFile(path, directory, folders);
  if (typeof file === "string") return file;
  const limit = bridge.maxFileBytes();
  const tooLarge = (sizeBytes: number): string =>
    `Not sent: ${path} has ${sizeBytes} bytes, at most ${limit} can be sent.`;
  const whole = async (): Promise<Uint8Array | string> => {
    const bytes = await file.read(limit);
    return bytes instanceof Uint8Array ? bytes : tooLarge(bytes.sizeBytes);
  };
  try {
    if (file.sizeBytes > limit) return tooLarge(file.sizeBytes);
    await askFirst(file, call);
    const bytes = await whole().catch((error) => `Not sent: ${messageOf(error)}.`);
    if (typeof bytes === "string") return bytes;
    const name = basename(file.path);
    return await bridge.sendFile(call.sessionId, { name, bytes, comment });
  } finally {
    await file.close();
  }
}

/**
 * Asks as OpenCode's own file tools do, so that the user's rules for them hold here too: by default a file outside of the
 * project or one with secrets (`.env`) is for the user to decide. A permission of another name would be allowed unasked.
 * OpenCode ends the call where it is denied.
 */
async function askFirst({ path, inside }: OpenedFile, call: ToolCallPlace): Promise<void> {
  if (!inside) {
    await call.ask({
      permission: "external_directory",
      patterns: [join(dirname(path), "*")],
      path,
    });
  }
  const project = await realpath(call.worktree ?? call.directory);
  await call.ask({ permission: "read", patterns: [relative(project, path)], path });
}
