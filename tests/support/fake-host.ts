import type { HostError } from "../../src/errors.ts";
import type {
  PermissionReply,
  PermissionRequest,
  QuestionRequest,
  RunStatus,
  SessionInfo,
  StoredMessage,
} from "../../src/models/host-event.ts";
import type { ModelOffer } from "../../src/models/host-offers.ts";
import {
  asSessionId,
  type MessageId,
  type RequestId,
  type SessionId,
} from "../../src/models/ids.ts";
import type { Prompt } from "../../src/models/prompt.ts";
import type { HostPort } from "../../src/ports.ts";
import { createFakeOffers, type FakeOffers } from "./fake-offers.ts";

export type HostCall = keyof HostPort;

/** OpenCode in memory, for one directory. A test reads and writes its state. */
export interface FakeHost extends Required<HostPort>, FakeOffers {
  readonly known: Map<SessionId, SessionInfo>;
  readonly statuses: Map<SessionId, RunStatus>;
  readonly stored: Map<SessionId, StoredMessage[]>;
  readonly prompts: { readonly sessionId: SessionId; readonly prompt: Prompt }[];
  readonly aborted: SessionId[];
  readonly pendingPermissions: Map<RequestId, PermissionRequest>;
  readonly pendingQuestions: Map<RequestId, QuestionRequest>;
  readonly answers: {
    readonly id: RequestId;
    readonly answer: PermissionReply | readonly (readonly string[])[] | "dismissed";
    readonly reason?: string;
  }[];
  readonly toasts: { readonly message: string; readonly kind: "info" | "warning" | "error" }[];
  readonly calls: { readonly call: HostCall; readonly args: readonly unknown[] }[];
  /** A model that can be chosen. */
  offer(model: Partial<ModelOffer> & Pick<ModelOffer, "model">): void;
  /** The name of the checked out branch. */
  checkedOut: string | undefined;
  /** The next `times` calls (1) reject and do nothing; with `after` they reject though it was done. */
  fail(call: HostCall, error: HostError, scope?: { times?: number; after?: boolean }): void;
  /** The next call waits until it is released, and is done then. */
  hang(call: HostCall): { release(): void };
  /** The next call is taken and returns, and is done when it is released. */
  hold(call: "prompt"): { release(): void };
  add(session: Partial<SessionInfo> & Pick<SessionInfo, "id">): SessionInfo;
  times(call: HostCall): number;
}

interface Fault {
  readonly call: HostCall;
  left: number;
  readonly act: <T>(effect: () => Promise<T>) => Promise<T>;
}

export const DIRECTORY = "/home/alice/project";

export function createFakeHost(now = () => 0): FakeHost {
  const known: FakeHost["known"] = new Map();
  const statuses: FakeHost["statuses"] = new Map();
  const stored: FakeHost["stored"] = new Map();
  const prompts: FakeHost["prompts"] = [];
  const aborted: SessionId[] = [];
  const pendingPermissions: FakeHost["pendingPermissions"] = new Map();
  const pendingQuestions: FakeHost["pendingQuestions"] = new Map();
  const answers: FakeHost["answers"] = [];
  const toasts: FakeHost["toasts"] = [];
  const calls: FakeHost["calls"] = [];
  const faults: Fault[] = [];

  function meet<T>(
    call: HostCall,
    args: readonly unknown[],
    effect: () => T | Promise<T>,
  ): Promise<T> {
    calls.push({ call, args });
    const fault = faults.find((f) => f.call === call && f.left > 0);
    const run = async (): Promise<T> => effect();
    if (!fault) return run();
    fault.left -= 1;
    return fault.act(run);
  }

  const has = (sessionId: SessionId, id: MessageId): boolean =>
    (stored.get(sessionId) ?? []).some(({ message }) => message.id === id);

  function store(sessionId: SessionId, prompt: Prompt): void {
    const { id, text, postId, origin } = prompt;
    if (has(sessionId, id)) return;
    makeUndoFinal(sessionId);
    prompts.push({ sessionId, prompt });
    const part = { key: `prt_${id}`, messageId: id, kind: "text" as const, text };
    const message = { id, createdMs: now() + prompts.length };
    const mark = { ...(postId && { postId }), ...(origin && { origin }) };
    const parts = [{ ...part, done: true, synthetic: false, ...mark }];
    stored.set(sessionId, [...(stored.get(sessionId) ?? []), { role: "user", message, parts }]);
  }

  /** What was undone goes with the next prompt. */
  function makeUndoFinal(sessionId: SessionId): void {
    const session = known.get(sessionId);
    if (session?.undoneFrom === undefined) return;
    const { undoneFrom, ...rest } = session;
    known.set(sessionId, rest);
    const all = stored.get(sessionId) ?? [];
    const at = all.findIndex(({ message }) => message.id === undoneFrom);
    stored.set(sessionId, all.slice(0, at));
  }

  const offers = createFakeOffers({ known, statuses, stored, now, meet });

  const settle = <T>(pending: Map<RequestId, T>, answer: FakeHost["answers"][number]): boolean => {
    const was = pending.delete(answer.id);
    if (was) answers.push(answer);
    return was;
  };

  const host: FakeHost = {
    known,
    statuses,
    stored,
    prompts,
    aborted,
    pendingPermissions,
    pendingQuestions,
    answers,
    toasts,
    calls,
    checkedOut: "main",
    sessions: (limit) =>
      meet("sessions", [limit], () =>
        [...known.values()]
          .filter((session) => session.parentId === undefined)
          .sort((a, b) => b.createdMs - a.createdMs)
          .slice(0, limit),
      ),
    session: (id) => meet("session", [id], () => known.get(id)),
    create: () =>
      meet("create", [], () => host.add({ id: asSessionId(`ses_made${known.size + 1}`) })),
    status: (id) => meet("status", [id], () => statuses.get(id) ?? { kind: "idle" }),
    messages: (id, limit) =>
      meet("messages", [id, limit], () => (stored.get(id) ?? []).slice(-limit)),
    prompt: (id, prompt) => meet("prompt", [id, prompt], () => store(id, prompt)),
    hasMessage: (id, messageId) => meet("hasMessage", [id, messageId], () => has(id, messageId)),
    toolCall: (id, { messageId, callId }) =>
      meet("toolCall", [id, { messageId, callId }], () =>
        (stored.get(id) ?? [])
          .flatMap(({ parts }) => parts)
          .flatMap((part) =>
            part.kind === "tool" && part.messageId === messageId ? part.call : [],
          )
          .find((call) => call.id === callId),
      ),
    abort: (id) => meet("abort", [id], () => void aborted.push(id)),
    permissions: () => meet("permissions", [], () => [...pendingPermissions.values()]),
    answerPermission: (id, reply, reason) =>
      meet("answerPermission", [id, reply, reason], () =>
        settle(pendingPermissions, { id, answer: reply, ...(reason && { reason }) }),
      ),
    questions: () => meet("questions", [], () => [...pendingQuestions.values()]),
    answerQuestion: (id, given) =>
      meet("answerQuestion", [id, given], () => settle(pendingQuestions, { id, answer: given })),
    dismissQuestion: (id) =>
      meet("dismissQuestion", [id], () => settle(pendingQuestions, { id, answer: "dismissed" })),
    ...offers,
    branch: () => meet("branch", [], () => host.checkedOut),
    toast: (message, kind) =>
      meet("toast", [message, kind], () => void toasts.push({ message, kind })),
    fail(call, error, { times = 1, after = false } = {}) {
      faults.push({
        call,
        left: times,
        async act(effect) {
          if (after) await effect();
          throw error;
        },
      });
    },
    hang(call) {
      const gate = Promise.withResolvers<void>();
      faults.push({
        call,
        left: 1,
        async act(effect) {
          await gate.promise;
          return effect();
        },
      });
      return { release: gate.resolve };
    },
    hold(call) {
      let effect = (): Promise<unknown> => Promise.resolve();
      const act = async <T>(run: () => Promise<T>): Promise<T> => {
        effect = run;
        return undefined as T;
      };
      faults.push({ call, left: 1, act });
      return { release: () => void effect() };
    },
    offer(model) {
      const about = { provider: "scripted", name: model.model, providerName: "Scripted" };
      offers.offered.models.push({
        ...about,
        variants: [],
        contextLimit: 0,
        hears: false,
        ...model,
      });
    },
    add(session) {
      const info: SessionInfo = {
        title: `Session ${session.id}`,
        directory: DIRECTORY,
        createdMs: 1,
        updatedMs: 1,
        ...session,
      };
      known.set(info.id, info);
      return info;
    },
    times: (call) => calls.filter((seen) => seen.call === call).length,
  };
  return host;
}
