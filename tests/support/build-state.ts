import type { RenderOptions } from "../../src/models/desired-post.ts";
import type { AssistantMessage, ToolCall, ToolKind } from "../../src/models/host-event.ts";
import { asCallId, asMessageId, asPostId, asSessionId } from "../../src/models/ids.ts";
import type { Outcome, ThreadState, Turn, TurnItem } from "../../src/state/thread-state.ts";

/** 21 November 2026, 10:14:00 UTC. */
export const START_MS = 1_795_256_040_000;
export const SESSION = asSessionId("ses_e02ade896ffe6sE5QGvZskGd5n");
const TURN = asMessageId("msg_1");

export const OPTIONS: RenderOptions = {
  verbosity: "normal",
  maxPostChars: 16_383,
  project: "payments-api",
  utcOffsetMinutes: 0,
};

let keys = 0;
const nextKey = (): string => `key${++keys}`;

export function text(content: string, message = "msg_a", done = true): TurnItem {
  return { kind: "text", key: nextKey(), messageId: asMessageId(message), text: content, done };
}

export function thinking(ms: number | undefined, message = "msg_a", content = "hm"): TurnItem {
  const end = ms === undefined ? {} : { endMs: START_MS + ms };
  const messageId = asMessageId(message);
  return { kind: "reasoning", key: nextKey(), messageId, text: content, startMs: START_MS, ...end };
}

/** The tools that tests use, by kind. */
const KINDS: Readonly<Record<string, ToolKind>> = {
  bash: "shell",
  read: "read",
  list: "read",
  edit: "edit",
  write: "edit",
  apply_patch: "edit",
  grep: "search",
  glob: "search",
  webfetch: "web",
  skill: "skill",
  task: "sub-agent",
  todowrite: "todos",
  question: "question",
};

type Input = Readonly<Record<string, string>>;

/** As a host's adapter would say it: files are named by `filePath`, everything else by its first text. */
function meaningOf(tool: string, input: Input) {
  const kind = KINDS[tool] ?? "other";
  const [first] = Object.entries(input);
  const value = first?.[1];
  const isFile = kind === "read" || kind === "edit";
  return {
    kind,
    subject: isFile || kind === "other" ? undefined : value,
    paths: isFile && value !== undefined ? [value] : [],
  };
}

export type Fields = Partial<ToolCall> & { readonly input?: Input };

export function call(name: string, { input = {}, ...fields }: Fields = {}): ToolCall {
  const id = asCallId(nextKey());
  const { kind, subject, paths } = meaningOf(name, input);
  const meaning = { kind, paths, ...(subject !== undefined && { subject }) };
  const args = Object.entries(input).map(([arg, value]) => ({
    name: arg,
    text: value,
    isText: true,
  }));
  return { id, tool: name, ...meaning, state: "completed", args, output: "", ...fields };
}

export function tool(name: string, fields: Fields = {}, message = "msg_a"): TurnItem {
  const messageId = asMessageId(message);
  return { kind: "tool", key: nextKey(), messageId, call: call(name, fields) };
}

export function bash(command: string, fields: Fields = {}): TurnItem {
  const times = { startMs: START_MS, endMs: START_MS + 3200 };
  return tool("bash", { input: { command }, ...times, ...fields });
}

export function edit(path: string, additions: number, deletions: number): TurnItem {
  return tool("edit", {
    input: { filePath: `/home/dev/project/${path}` },
    changes: { files: 1, additions, deletions },
  });
}

export function running(items: readonly TurnItem[], fields: Partial<Turn> = {}): Turn {
  return {
    id: TURN,
    message: { id: TURN, createdMs: START_MS },
    prompt: { text: "fix it", files: [], postId: asPostId("post1") },
    items,
    replies: [...new Set(items.map((item) => item.messageId))].map((id) => reply(id)),
    compaction: false,
    ...fields,
  };
}

export function ended(
  items: readonly TurnItem[],
  outcome: Outcome = { kind: "done" },
  fields: Partial<Turn> = {},
): Turn {
  return running(items, { endedMs: START_MS + 150_000, outcome, ...fields });
}

export function reply(id: string, fields: Partial<AssistantMessage> = {}): AssistantMessage {
  return {
    id: asMessageId(id),
    parentId: TURN,
    createdMs: START_MS,
    continues: false,
    finished: false,
    isSummary: false,
    model: "sonnet-4.5",
    costUsd: 0,
    contextTokens: 0,
    ...fields,
  };
}

export function stateOf(
  turns: readonly Turn[] = [],
  fields: Partial<ThreadState> = {},
): ThreadState {
  return {
    session: {
      id: SESSION,
      title: "Fix the flaky retry test",
      directory: "/home/dev/project",
      createdMs: START_MS,
      updatedMs: START_MS,
    },
    run: { kind: "busy" },
    turns,
    children: {},
    permissions: [],
    questions: [],
    contextTokens: 0,
    horizon: { createdMs: 0, id: "" },
    ...fields,
  };
}
