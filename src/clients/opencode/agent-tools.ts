import { type ToolContext, type ToolDefinition, tool } from "@opencode-ai/plugin/tool";
import type { AgentTool, ToolCallPlace } from "../../models/agent-tool.ts";
import { asSessionId } from "../../models/ids.ts";

/** The tools as OpenCode takes them from a plugin. */
export const asPluginTools = (tools: readonly AgentTool[]): Record<string, ToolDefinition> =>
  Object.fromEntries(
    tools.map(({ name, description, args, execute }) => {
      const schemas = Object.entries(args).map(([arg, { about, optional }]) => {
        const text = tool.schema.string();
        return [arg, (optional ? text.optional() : text).describe(about)] as const;
      });
      return [
        name,
        tool({
          description,
          args: Object.fromEntries(schemas),
          execute: (given, context) => execute(given, placeOf(context)),
        }),
      ];
    }),
  );

/** OpenCode ends the call where it is denied. */
const placeOf = ({ sessionID, directory, worktree, ask }: ToolContext): ToolCallPlace => ({
  sessionId: asSessionId(sessionID),
  directory,
  ...(worktree !== "/" && { worktree }),
  ask: ({ permission, patterns, path }) =>
    ask({
      permission,
      patterns: [...patterns],
      always: [...patterns],
      metadata: { filepath: path },
    }),
});
