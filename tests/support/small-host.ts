import type {
  AssistantMessage,
  HostEvent,
  Part,
  SessionInfo,
  StoredMessage,
} from "../../src/models/host-event.ts";
import {
  asMessageId,
  asSessionId,
  type MessageId,
  type PostId,
  type SessionId,
} from "../../src/models/ids.ts";
import type { Prompt } from "../../src/models/prompt.ts";
import type { Clock, HostPort } from "../../src/ports.ts";
import { settle } from "./manual-clock.ts";

export const DIRECTORY = "/home/alice/project";

type Asked = Pick<Prompt, "text" | "postId"> & Partial<Pick<Prompt, "id">>;

/** An OpenCode in memory that answers every prompt at once, in pieces, and forgets the oldest messages. */
export interface SmallHost extends HostPort {
  /** Hears of everything that happens. */
  listen(listener: (event: HostEvent) => void): void;
  /** A session that others are told of. */
  open(): SessionInfo;
  /** A session that another process has made: OpenCode's database is one. */
  adopt(session: SessionInfo): void;
  /** Runs a prompt to its end; resolves when all of it has been told. */
  turn(id: SessionId, prompt: Asked): Promise<void>;
  stored(id: SessionId): readonly StoredMessage[];
  readonly prompted: Map<PostId, number>;
}

export function createSmallHost(clock: Clock, messagesKept = Number.POSITIVE_INFINITY): SmallHost {
  const sessions = new Map<SessionId, SessionInfo>();
  const messages = new Map<SessionId, StoredMessage[]>();
  const prompted = new Map<PostId, number>();
  let listener: (event: HostEvent) => void = () => undefined;
  let made = 0;
  const nextId = () => asMessageId(`msg_${String(++made).padStart(10, "0")}`);

  function store(id: SessionId, message: StoredMessage): void {
    const list = messages.get(id) ?? [];
    const known = list.findIndex((m) => m.message.id === message.message.id);
    if (known >= 0) list[known] = message;
    else list.push(message);
    if (list.length > messagesKept) list.shift();
    messages.set(id, list);
  }

  const has = (id: SessionId, messageId: MessageId): boolean =>
    (messages.get(id) ?? []).some(({ message }) => message.id === messageId);

  async function turn(sessionId: SessionId, prompt: Asked) {
    const { text, postId } = prompt;
    if (postId) prompted.set(postId, (prompted.get(postId) ?? 0) + 1);
    const question = { id: prompt.id ?? nextId(), createdMs: clock.now() };
    const asked: Part = {
      kind: "text",
      key: `prt_${question.id}`,
      messageId: question.id,
      text,
      done: true,
      synthetic: false,
      ...(postId && { postId }),
    };
    store(sessionId, { role: "user", message: question, parts: [asked] });
    listener({ type: "status", sessionId, status: { kind: "busy" } });
    listener({ type: "user-message", sessionId, message: question });
    listener({ type: "part", sessionId, part: asked });
    await settle();
    const answer: AssistantMessage = {
      id: nextId(),
      parentId: question.id,
      createdMs: clock.now(),
      continues: false,
      finished: false,
      isSummary: false,
      model: "script",
      costUsd: 0.01,
      contextTokens: 100,
    };
    store(sessionId, { role: "assistant", message: answer, parts: [] });
    listener({ type: "assistant-message", sessionId, message: answer });
    const words = `Answer to ${text}`;
    const key = `prt_${answer.id}`;
    for (const delta of words.match(/.{1,12}/gs) ?? []) {
      listener({ type: "text-delta", sessionId, messageId: answer.id, partKey: key, delta });
    }
    await settle();
    const whole: Part = {
      kind: "text",
      key,
      messageId: answer.id,
      text: words,
      done: true,
      synthetic: false,
    };
    const done = { ...answer, completedMs: clock.now(), finished: true };
    store(sessionId, { role: "assistant", message: done, parts: [whole] });
    listener({ type: "part", sessionId, part: whole });
    listener({ type: "assistant-message", sessionId, message: done });
    listener({ type: "status", sessionId, status: { kind: "idle" } });
    await settle();
  }

  function open(): SessionInfo {
    const session: SessionInfo = {
      id: asSessionId(`ses_${sessions.size + 1}`),
      title: `Session ${sessions.size + 1}`,
      directory: DIRECTORY,
      createdMs: clock.now(),
      updatedMs: clock.now(),
    };
    sessions.set(session.id, session);
    listener({ type: "session-created", session });
    return session;
  }

  return {
    prompted,
    listen(on) {
      listener = on;
    },
    open,
    adopt: (session) => void sessions.set(session.id, session),
    turn,
    stored: (id) => messages.get(id) ?? [],
    sessions: async (limit) => [...sessions.values()].reverse().slice(0, limit),
    session: async (id) => sessions.get(id),
    create: async () => open(),
    status: async () => ({ kind: "idle" }),
    messages: async (id, limit) => (messages.get(id) ?? []).slice(-limit),
    prompt: async (id, prompt) => void (has(id, prompt.id) || turn(id, prompt)),
    hasMessage: async (id, messageId) => has(id, messageId),
    toolCall: async () => undefined,
    abort: async () => undefined,
    permissions: async () => [],
    answerPermission: async () => false,
    questions: async () => [],
    answerQuestion: async () => false,
    dismissQuestion: async () => false,
    branch: async () => "main",
    toast: async () => undefined,
  };
}
