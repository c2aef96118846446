import { z } from "zod";
import type { ToolRequest } from "../../models/agent-tool.ts";
import type { SessionId } from "../../models/ids.ts";
import type { Envelope } from "./envelope.ts";
import type { HttpApi } from "./http-api.ts";

/** A tool call that asks. */
interface Asking {
  readonly sessionId: SessionId;
  readonly messageId: string;
  readonly callId: string;
  readonly agent?: string | undefined;
  /** The call is over, by a stop for example. */
  readonly signal?: AbortSignal | undefined;
}

/** What tools of this plugin ask for. OpenCode has no call for that in a plugin: it goes by the HTTP API. */
export interface Asks {
  /** Resolves when it is allowed, by the user's rules or by somebody. Rejects where it is denied, and where nobody can be asked. */
  ask(asking: Asking, request: ToolRequest): Promise<void>;
  /** An event of OpenCode, which may be an answer. */
  take(event: Envelope): void;
}

interface Waiting {
  readonly sessionId: SessionId;
  readonly resolve: (reply: string) => void;
}

const DENIED = "The user denied this";

export function createAsks(http: () => HttpApi | undefined): Asks {
  const waiting = new Map<string, Waiting>();

  /** Before it is asked: the answer may be here first. */
  const reply = (id: string, { sessionId, signal }: Asking): Promise<string> =>
    new Promise((resolve) => {
      waiting.set(id, { sessionId, resolve });
      signal?.addEventListener("abort", () => resolve("reject"), { once: true });
    });

  return {
    async ask(asking, request) {
      const { sessionId, messageId, callId, agent } = asking;
      const { permission, patterns, path } = request;
      const api = http();
      if (!api) throw new Error("Not sent: this OpenCode cannot ask the user whether it may be");
      const id = `per_${crypto.randomUUID().replaceAll("-", "")}`;
      const replied = reply(id, asking);
      try {
        const made = await api.call("ask", "POST", `/api/session/${sessionId}/permission`, {
          id,
          action: permission,
          resources: patterns,
          save: patterns,
          metadata: { filepath: path },
          source: { type: "tool", messageID: messageId, id: callId },
          ...(agent !== undefined && { agent }),
        });
        const { effect } = Made.parse(made).data;
        if (effect === "deny") throw new Error("The user has a rule against this");
        if (effect === "ask" && (await replied) === "reject") throw new Error(DENIED);
      } finally {
        waiting.delete(id);
      }
    },
    take({ type, data }) {
      if (type === "permission.replied") {
        const { success, data: answer } = Replied.safeParse(data);
        if (success) waiting.get(answer.requestID)?.resolve(answer.reply);
      }
      // A stop withdraws what is asked, without a word of it.
      if (type !== "session.execution.interrupted") return;
      for (const { sessionId, resolve } of waiting.values()) {
        if (sessionId === data.sessionID) resolve("reject");
      }
    },
  };
}

const Made = z.object({ data: z.object({ effect: z.enum(["allow", "deny", "ask"]) }) });
const Replied = z.object({ requestID: z.string(), reply: z.string() });
