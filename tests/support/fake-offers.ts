import { HostError } from "../../src/errors.ts";
import type { RunStatus, SessionInfo, StoredMessage, Todo } from "../../src/models/host-event.ts";
import type {
  AgentOffer,
  CommandOffer,
  FileDiff,
  HostOffers,
  ModelOffer,
  PromptSettings,
} from "../../src/models/host-offers.ts";
import { asMessageId, asSessionId, type MessageId, type SessionId } from "../../src/models/ids.ts";

/** What OpenCode can do beside the main job, in memory. Everything in `offered` is a test's to write, and `ran` to read. */
export interface FakeOffers extends Required<HostOffers> {
  readonly offered: {
    readonly models: ModelOffer[];
    readonly agents: AgentOffer[];
    readonly commands: CommandOffer[];
    readonly diffs: FileDiff[];
    readonly todos: Todo[];
  };
  /** The commands and shell commands that it took, in order. */
  readonly ran: { readonly what: string; readonly settings?: PromptSettings | undefined }[];
}

interface Memory {
  readonly known: Map<SessionId, SessionInfo>;
  readonly statuses: Map<SessionId, RunStatus>;
  readonly stored: Map<SessionId, StoredMessage[]>;
  readonly now: () => number;
  /** Meets the faults that a test has planned. */
  readonly meet: <T>(
    call: keyof HostOffers,
    args: readonly unknown[],
    effect: () => T,
  ) => Promise<T>;
}

export function createFakeOffers({ known, statuses, stored, now, meet }: Memory): FakeOffers {
  const offered: FakeOffers["offered"] = {
    models: [],
    agents: [],
    commands: [],
    diffs: [],
    todos: [],
  };
  const ran: FakeOffers["ran"] = [];
  let forks = 0;

  const messagesOf = (id: SessionId): readonly StoredMessage[] => stored.get(id) ?? [];

  function session(id: SessionId): SessionInfo {
    const found = known.get(id);
    if (!found) throw new HostError("there is no such session", { kind: "not-found" });
    return found;
  }

  function idle(id: SessionId): void {
    const { kind = "idle" } = statuses.get(id) ?? {};
    if (kind !== "idle") throw new HostError("the session is busy", { kind: "refused" });
  }

  /** Returns `false` where it is there already. */
  function prompted(id: SessionId, messageId: MessageId, parts: StoredMessage["parts"]): boolean {
    if (messagesOf(id).some(({ message }) => message.id === messageId)) return false;
    const message = { id: messageId, createdMs: now() };
    stored.set(id, [...messagesOf(id), { role: "user", message, parts }]);
    return true;
  }

  function copied(message: StoredMessage, fork: number): StoredMessage {
    const renamed = (id: MessageId): MessageId => asMessageId(`${id}-fork${fork}`);
    const parts = message.parts.map((part) => ({ ...part, messageId: renamed(part.messageId) }));
    return message.role === "user"
      ? { ...message, message: { ...message.message, id: renamed(message.message.id) }, parts }
      : {
          ...message,
          message: {
            ...message.message,
            id: renamed(message.message.id),
            parentId: renamed(message.message.parentId),
          },
          parts,
        };
  }

  return {
    offered,
    ran,
    fork: (id, before) =>
      meet("fork", [id, before], () => {
        const { title, directory } = session(id);
        const all = messagesOf(id);
        const at = all.findIndex(({ message }) => message.id === before);
        const number = ++forks;
        const made = {
          id: asSessionId(`ses_fork${number}`),
          title: `${title} (fork #${number})`,
          directory,
          createdMs: now(),
          updatedMs: now(),
        };
        known.set(made.id, made);
        const kept = at < 0 ? all : all.slice(0, at);
        stored.set(
          made.id,
          kept.map((message) => copied(message, number)),
        );
        return made;
      }),
    undo: (id, before) =>
      meet("undo", [id, before], () => {
        idle(id);
        const isThere = messagesOf(id).some(({ message }) => message.id === before);
        if (isThere) known.set(id, { ...session(id), undoneFrom: before });
      }),
    redo: (id) =>
      meet("redo", [id], () => {
        idle(id);
        const { undoneFrom: _, ...rest } = session(id);
        known.set(id, rest);
      }),
    models: () => meet("models", [], () => [...offered.models]),
    agents: () => meet("agents", [], () => [...offered.agents]),
    commands: () => meet("commands", [], () => [...offered.commands]),
    runCommand: (id, { name, args, messageId, settings }) =>
      meet("runCommand", [id, name, args, messageId], () => {
        if (!offered.commands.some((command) => command.name === name)) {
          throw new HostError(`no command ${name}`, { kind: "refused" });
        }
        const text = `${name} ${args}`;
        const part = { key: `prt_${messageId}`, messageId, kind: "text", text } as const;
        const parts = [{ ...part, done: true, synthetic: false }];
        if (prompted(id, messageId, parts)) ran.push({ what: `/${text}`.trim(), settings });
      }),
    shell: (id, command, messageId, settings) =>
      meet("shell", [id, command, messageId], () => {
        if (prompted(id, messageId, [])) ran.push({ what: `$ ${command}`, settings });
      }),
    compact: (id, model) =>
      meet("compact", [id, model], () => {
        idle(id);
        const messageId = asMessageId(`msg_compact${messagesOf(id).length}`);
        prompted(id, messageId, [{ key: `prt_${messageId}`, messageId, kind: "compaction" }]);
      }),
    todos: (id) => meet("todos", [id], () => [...offered.todos]),
    diff: (id) => meet("diff", [id], () => [...offered.diffs]),
    rename: (id, title) =>
      meet("rename", [id, title], () => void known.set(id, { ...session(id), title })),
    share: (id) => meet("share", [id], () => `https://share.test/${session(id).id}`),
    unshare: (id) => meet("unshare", [id], () => void session(id)),
  };
}
