import { z } from "zod";
import type { AgentTool } from "../../models/agent-tool.ts";
import { asSessionId } from "../../models/ids.ts";
import type { Asks } from "./asks.ts";
import type { PluginContext } from "./context.ts";

const Call = z.looseObject({
  sessionID: z.string().transform(asSessionId),
  messageID: z.string(),
  id: z.string(),
  agent: z.string().optional().catch(undefined),
  signal: z.instanceof(AbortSignal).optional().catch(undefined),
});
const Args = z.record(z.string(), z.string().optional().catch(undefined)).catch({});
const Project = z.object({ project: z.object({ directory: z.string() }) });

/** Gives the model of this directory the tools. Resolves when OpenCode has them. */
export async function offerTools(
  context: PluginContext,
  tools: readonly AgentTool[],
  asks: Asks,
): Promise<void> {
  const { directory } = context.location;
  const project = Project.safeParse(context.location).data?.project.directory;
  const place = {
    directory,
    ...(project !== undefined && project !== "/" && { worktree: project }),
  };
  await context.tool?.transform((editor) => {
    for (const { name, description, args, execute } of tools) {
      editor.add({
        name,
        description,
        input: inputOf(args),
        // Else the model would have to write a program that calls it.
        options: { codemode: false },
        async execute(given: unknown, called: unknown) {
          const {
            sessionID: sessionId,
            messageID: messageId,
            id: callId,
            ...rest
          } = Call.parse(called);
          const asking = { sessionId, messageId, callId, ...rest };
          const ask = (request: Parameters<Asks["ask"]>[1]) => asks.ask(asking, request);
          return { content: await execute(Args.parse(given), { sessionId, ...place, ask }) };
        },
      });
    }
  });
}

const inputOf = (args: AgentTool["args"]): object => ({
  type: "object",
  properties: Object.fromEntries(
    Object.entries(args).map(([name, { about }]) => [name, { type: "string", description: about }]),
  ),
  required: Object.keys(args).filter((name) => !args[name]?.optional),
});
