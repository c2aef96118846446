import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { type ToolContext, type ToolDefinition, tool } from "@opencode-ai/plugin/tool";
import { messageOf } from "../errors.ts";
import { asSessionId } from "../models/ids.ts";
import type { Redactor } from "../models/redaction.ts";
import type { Bridge } from "./bridge.ts";
import { type OpenedFile, openFile } from "./opened-file.ts";

/** The code is for the person, and not for whoever reads the conversation. */
const NO_OWNER =
  "No owner yet. Tell the user to look at the terminal, which shows a code: they send it to the bot in Mattermost.";

/** The tools that the agent gets. Their descriptions go into every request to the model, so they are short. */
export function createTools(
  bridge: Bridge,
  showPairing: () => boolean,
  redactor: Redactor,
): Record<string, ToolDefinition> {
  return {
    mattermost_send_file: tool({
      description: "Send a file to the user's Mattermost thread.",
      args: {
        path: tool.schema.string().describe("File to send"),
        comment: tool.schema.string().optional().describe("Text to go with it"),
      },
      async execute({ path, comment = "" }, context) {
        return redactor.text(await sendAsked(bridge, { path, comment }, context));
      },
    }),
    mattermost_status: tool({
      description: "Show how this session is connected to Mattermost.",
      args: {},
      async execute(_, context) {
        if (showPairing()) return NO_OWNER;
        return redactor.text(await bridge.describe(asSessionId(context.sessionID)));
      },
    }),
  };
}

async function sendAsked(
  bridge: Bridge,
  { path, comment }: { readonly path: string; readonly comment: string },
  context: ToolContext,
): Promise<string> {
  const folders = [context.directory, ...(context.worktree === "/" ? [] : [context.worktree])];
  const file = await openFile(path, context.directory, folders);
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
    await askFirst(file, context);
    const bytes = await whole().catch((error) => `Not sent: ${messageOf(error)}.`);
    if (typeof bytes === "string") return bytes;
    const name = basename(file.path);
    return await bridge.sendFile(asSessionId(context.sessionID), { name, bytes, comment });
  } finally {
    await file.close();
  }
}

/**
 * Asks as OpenCode's own file tools do, so that the user's rules for them hold here too: by default a file outside of the
 * project or one with secrets (`.env`) is for the user to decide. A permission of another name would be allowed unasked.
 * OpenCode ends the call where it is denied.
 */
async function askFirst({ path, inside }: OpenedFile, context: ToolContext): Promise<void> {
  const metadata = { filepath: path };
  if (!inside) {
    const folder = [join(dirname(path), "*")];
    await context.ask({
      permission: "external_directory",
      patterns: folder,
      always: folder,
      metadata,
    });
  }
  const project = context.worktree === "/" ? context.directory : context.worktree;
  const file = [relative(await realpath(project), path)];
  await context.ask({ permission: "read", patterns: file, always: file, metadata });
}
