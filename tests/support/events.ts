import type {
  AssistantMessage,
  HostEvent,
  PermissionRequest,
  RunStatus,
  SessionInfo,
  StoredMessage,
  ToolCall,
  UserMessage,
} from "../../src/models/host-event.ts";
import { asCallId, asMessageId, asPostId, asRequestId, asSessionId } from "../../src/models/ids.ts";
import { initialState, reduce, type ThreadEvent } from "../../src/state/reduce.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";

export const ROOT = asSessionId("ses_root");
export const NOW = 1_700_000_000_000;

export const aSession = (id = "ses_root", about: Partial<SessionInfo> = {}): SessionInfo => ({
  id: asSessionId(id),
  title: "Title",
  directory: "/home/alice/project",
  createdMs: NOW,
  updatedMs: NOW,
  ...about,
});

/** A user message; messages are made `at` ms after the start of the session. */
const userMessage = (id: string, at: number): UserMessage => ({
  id: asMessageId(id),
  createdMs: NOW + at,
});

export const user = (id: string, at: number): HostEvent => ({
  type: "user-message",
  sessionId: ROOT,
  message: userMessage(id, at),
});

const assistantMessage = (
  id: string,
  parent: string,
  about: Partial<AssistantMessage> = {},
): AssistantMessage => ({
  id: asMessageId(id),
  parentId: asMessageId(parent),
  createdMs: NOW,
  continues: false,
  finished: false,
  isSummary: false,
  model: "m",
  costUsd: 0,
  contextTokens: 0,
  ...about,
});

export const reply = (
  id: string,
  parent: string,
  about: Partial<AssistantMessage> = {},
): HostEvent => ({
  type: "assistant-message",
  sessionId: ROOT,
  message: assistantMessage(id, parent, about),
});

export const text = (message: string, key: string, content: string, done = true): HostEvent => ({
  type: "part",
  sessionId: ROOT,
  part: {
    kind: "text",
    key,
    messageId: asMessageId(message),
    text: content,
    done,
    synthetic: false,
  },
});

export const promptText = (message: string, content: string, postId?: string): HostEvent => ({
  type: "part",
  sessionId: ROOT,
  part: {
    kind: "text",
    key: `${message}-text`,
    messageId: asMessageId(message),
    text: content,
    done: false,
    synthetic: false,
    ...(postId && { postId: asPostId(postId) }),
  },
});

export const delta = (message: string, partKey: string, added: string): HostEvent => ({
  type: "text-delta",
  sessionId: ROOT,
  messageId: asMessageId(message),
  partKey,
  delta: added,
});

export const tool = (
  message: string,
  key: string,
  call: Partial<ToolCall> = {},
  sessionId = ROOT,
): HostEvent => ({
  type: "part",
  sessionId,
  part: {
    kind: "tool",
    key,
    messageId: asMessageId(message),
    call: {
      id: asCallId(`call-${key}`),
      tool: "bash",
      kind: "shell",
      paths: [],
      state: "completed",
      args: [{ name: "command", text: `run ${key}`, isText: true }],
      output: "",
      ...call,
    },
  },
});

export const status = (kind: Exclude<RunStatus["kind"], "retry">): HostEvent => ({
  type: "status",
  sessionId: ROOT,
  status: { kind },
});

export const failed = (kind: "aborted" | "provider" = "aborted", message = "why"): HostEvent => ({
  type: "failed",
  sessionId: ROOT,
  error: { kind, message },
});

export const aPermission = (
  id: string,
  about: Partial<PermissionRequest> = {},
): PermissionRequest => ({
  id: asRequestId(id),
  sessionId: ROOT,
  permission: "bash",
  patterns: ["npm test"],
  always: ["npm *"],
  command: "npm test",
  ...about,
});

export const asked = (id: string, about: Partial<PermissionRequest> = {}): HostEvent => ({
  type: "permission-asked",
  request: aPermission(id, about),
});

/** What OpenCode would give back of these events' messages. */
export function storedOf(events: readonly HostEvent[]): StoredMessage[] {
  const parts = (id: string) =>
    events.flatMap((e) => (e.type === "part" && e.part.messageId === id ? [e.part] : []));
  return events.flatMap((e): StoredMessage[] => {
    if (e.type === "user-message")
      return [{ role: "user", message: e.message, parts: parts(e.message.id) }];
    if (e.type === "assistant-message")
      return [{ role: "assistant", message: e.message, parts: parts(e.message.id) }];
    return [];
  });
}

export const BEFORE_ALL = { createdMs: NOW - 1, id: "" };

export function play(
  events: readonly ThreadEvent[],
  from: ThreadState = initialState(aSession(), BEFORE_ALL),
  now = NOW + 60_000,
): ThreadState {
  return events.reduce((state, event) => reduce(state, event, now), from);
}

/** A whole turn: one text, done. */
export const wholeTurn = (id: string, at: number, answer = `answer to ${id}`): HostEvent[] => [
  user(id, at),
  promptText(id, `prompt ${id}`),
  status("busy"),
  reply(`${id}-a`, id, { createdMs: NOW + at }),
  text(`${id}-a`, `${id}-t`, answer),
  reply(`${id}-a`, id, { createdMs: NOW + at, finished: true, completedMs: NOW + at + 1 }),
  status("idle"),
];
