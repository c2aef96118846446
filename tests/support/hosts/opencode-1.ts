import type { OpencodeClient } from "@opencode-ai/sdk/v2/client";
import { openCode } from "../../../src/playground/opencode-binary.ts";
import { startOpenCode } from "../../../src/playground/opencode-process.ts";
import type { Host, HostClient, HostOptions, HostProcess, Message } from "./host.ts";

/** OpenCode 1, with its own client for what only it has. */
export interface OpenCode1Process extends HostProcess {
  /** `serve` only. */
  readonly url: string | undefined;
  sdk(directory?: string): OpencodeClient;
}

export const OPENCODE_1 = {
  name: "OpenCode 1",
  program: openCode,
  shell: "bash",
  subAgent: (description, prompt) => ({
    tool: "task",
    args: { description, prompt, subagent_type: "general" },
  }),
  openUntil: /(?:)/,
  nesting: { subagent_depth: 2, agent: { general: { permission: { task: "allow" } } } },
  async start(options: HostOptions): Promise<OpenCode1Process> {
    const opencode = await startOpenCode(options);
    const client = (directory?: string): HostClient => clientOf(opencode.client(directory));
    const logged = (...levels: readonly string[]): readonly string[] =>
      entriesOf(opencode.log()).flatMap(({ level, message }) =>
        levels.includes(level) ? message : [],
      );
    return { ...opencode, client, logged, sdk: opencode.client };
  },
} satisfies Host;

/** Of OpenCode's own log: it is where the plugin's goes. */
const entriesOf = (log: string): readonly { readonly level: string; readonly message: string }[] =>
  [...log.matchAll(/ level=(\w+) .*?\bmessage=("(?:[^"\\]|\\.)*"|\S+)/g)].map(
    ([, level = "", message = ""]) => ({
      level,
      message: message.startsWith('"') ? String(JSON.parse(message)) : message,
    }),
  );

type Stored = NonNullable<Awaited<ReturnType<OpencodeClient["session"]["messages"]>>["data"]>;

function clientOf(sdk: OpencodeClient): HostClient {
  return {
    async open() {
      await sdk.session.list({ limit: 1 });
    },
    async newSession(title) {
      return done("create", await sdk.session.create(title ? { title } : {})).id;
    },
    async prompt(sessionID, text) {
      const parts = [{ type: "text" as const, text }];
      return textOf(done("prompt", await sdk.session.prompt({ sessionID, parts })).parts);
    },
    async send(sessionID, text) {
      const parts = [{ type: "text" as const, text }];
      const { error } = await sdk.session.promptAsync({ sessionID, parts });
      if (error) throw new Error(`The prompt was not taken: ${JSON.stringify(error)}`);
    },
    async sessions() {
      return done("list", await sdk.session.list()).map(({ id }) => id);
    },
    async messages(sessionID) {
      return done("messages", await sdk.session.messages({ sessionID })).map(messageOf);
    },
    async remove(sessionID) {
      await sdk.session.delete({ sessionID });
    },
    async permissions(session) {
      const all = done("permissions", await sdk.permission.list());
      return all.filter(({ sessionID }) => sessionID === session).map(({ id }) => id);
    },
    async allow(_, requestID) {
      await sdk.permission.reply({ requestID, reply: "once" });
    },
    async answer(_, requestID, answers) {
      await sdk.question.reply({ requestID, answers: [...answers] });
    },
  };
}

function done<T>(what: string, { data, error }: { data: T; error?: unknown }): NonNullable<T> {
  if (!data) throw new Error(`OpenCode did not ${what}: ${JSON.stringify(error)}`);
  return data;
}

const textOf = (parts: Stored[number]["parts"]): string =>
  parts.flatMap((part) => (part.type === "text" ? part.text : [])).join("");

function messageOf({ info, parts }: Stored[number]): Message {
  const { id, role, time } = info;
  const postId = parts
    .map((part) => part.type === "text" && Object(part.metadata?.["mattermost"]).postId)
    .find((found) => typeof found === "string" && found !== "");
  return {
    id,
    role,
    text: textOf(parts),
    createdMs: time.created,
    ...(postId && { postId }),
    ...(info.role === "assistant" && { parentId: info.parentID }),
    finished:
      info.role === "assistant" && info.time.completed !== undefined && info.error === undefined,
  };
}
