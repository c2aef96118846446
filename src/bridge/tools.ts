import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { type ToolContext, type ToolDefinition, tool } from "@opencode-ai/plugin/tool";
import { messageOf } from "../errors.ts";
import { asSessionId } from "../models/ids.ts";
import type { Redactor } from "../models/redaction.ts";
import type { Bridge } from "./bridge.ts";

/** The tools that the agent gets. Their descriptions go into every request to the model, so they are short. */
export function createTools(
  bridge: Bridge,
  pairingCode: () => string | undefined,
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
        const code = pairingCode();
        if (code)
          return `No owner yet. The user must send "!pair ${code}" to the bot in Mattermost.`;
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
  const file = await openable(path, context);
  if (typeof file === "string") return file;
  const limit = bridge.maxFileBytes();
  if (file.sizeBytes > limit) {
    return `Not sent: ${path} has ${file.sizeBytes} bytes, at most ${limit} can be sent.`;
  }
  await askFirst(file, context);
  return send(bridge, context.sessionID, file.path, comment);
}

interface Openable {
  /** The real path, every link followed. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly inside: boolean;
}

/** A text instead of a file says why it cannot be sent. */
async function openable(path: string, context: ToolContext): Promise<Openable | string> {
  try {
    const real = await realpath(resolve(context.directory, path));
    const info = await stat(real);
    if (!info.isFile()) return `Not sent: ${path} is not a file.`;
    const folders = [context.directory, ...(context.worktree === "/" ? [] : [context.worktree])];
    const project = await Promise.all(folders.map((folder) => realpath(folder)));
    const inside = project.some((folder) => real.startsWith(`${folder}${sep}`));
    return { path: real, sizeBytes: info.size, inside };
  } catch (error) {
    return `Not sent: ${path} cannot be read (${messageOf(error)}).`;
  }
}

/**
 * Asks as OpenCode's own file tools do, so that the user's rules for them hold here too: by default a file outside of the
 * project or one with secrets (`.env`) is for the user to decide. A permission of another name would be allowed unasked.
 * OpenCode ends the call where it is denied.
 */
async function askFirst({ path, inside }: Openable, context: ToolContext): Promise<void> {
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

async function send(
  bridge: Bridge,
  sessionId: string,
  path: string,
  comment: string,
): Promise<string> {
  try {
    const bytes = new Uint8Array(await readFile(path));
    return await bridge.sendFile(asSessionId(sessionId), { name: basename(path), bytes, comment });
  } catch (error) {
    return `Not sent: ${messageOf(error)}.`;
  }
}
