// An MCP server on standard input and output with one tool, for OpenCode to start.
import { z } from "zod";

const Request = z.object({
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z
    .object({ protocolVersion: z.string(), arguments: z.record(z.string(), z.unknown()) })
    .partial()
    .optional(),
});

const TOOL = {
  name: "drop",
  description: "Drops a database.",
  inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
};

function resultOf({ method, params }: z.infer<typeof Request>): unknown {
  if (method === "initialize") {
    const serverInfo = { name: "db", version: "1.0.0" };
    const { protocolVersion } = params ?? {};
    return { protocolVersion, capabilities: { tools: {} }, serverInfo };
  }
  if (method === "tools/list") return { tools: [TOOL] };
  if (method !== "tools/call") return {};
  return { content: [{ type: "text", text: `dropped ${String(params?.arguments?.["name"])}` }] };
}

let rest = "";
for await (const chunk of Bun.stdin.stream()) {
  const lines = (rest + new TextDecoder().decode(chunk)).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { data } = Request.safeParse(JSON.parse(line));
    if (data) {
      const answer = { jsonrpc: "2.0", id: data.id, result: resultOf(data) };
      await Bun.write(Bun.stdout, `${JSON.stringify(answer)}\n`);
    }
  }
}
