import { z } from "zod";
import { argumentsOf } from "../../models/arguments.ts";
import { cutShortBy } from "../../models/cut-short.ts";
import type {
  AssistantMessage,
  HostFailure,
  PermissionRequest,
  QuestionRequest,
  RunStatus,
  SessionInfo,
  UserMessage,
} from "../../models/host-event.ts";
import type { PromptSettings } from "../../models/host-offers.ts";
import { asCallId, asMessageId, asRequestId, asSessionId } from "../../models/ids.ts";

/** OpenCode's shapes (1.18), as far as they are read here, and what they become. Everything else in them is ignored. */

/** Drops members that are `undefined`, so that absent stays absent. */
type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
export function defined<T extends object>(value: T): Partial<Defined<T>> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Partial<Defined<T>>;
}

/** A member in a shape not known here is as good as absent: it costs no other. */
export const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const Tokens = z.object({
  input: z.number(),
  output: z.number(),
  cache: z.object({ read: z.number(), write: z.number() }),
});

export const WireSession = z
  .object({
    id: z.string(),
    parentID: z.string().optional(),
    title: z.string(),
    directory: z.string(),
    cost: lenient(z.number()),
    model: lenient(z.object({ id: z.string(), providerID: lenient(z.string()) })),
    summary: lenient(z.object({ files: z.number(), additions: z.number(), deletions: z.number() })),
    revert: lenient(z.object({ messageID: z.string() })),
    time: z.object({ created: z.number(), updated: z.number(), archived: lenient(z.number()) }),
  })
  .transform(
    (s): SessionInfo => ({
      id: asSessionId(s.id),
      title: s.title,
      directory: s.directory,
      createdMs: s.time.created,
      updatedMs: s.time.updated,
      ...defined({
        parentId: s.parentID === undefined ? undefined : asSessionId(s.parentID),
        model: s.model?.id,
        provider: s.model?.providerID,
        costUsd: s.cost,
        undoneFrom: s.revert && asMessageId(s.revert.messageID),
        changes: s.summary,
        archivedMs: s.time.archived || undefined,
      }),
    }),
  );

const RawError = z.object({
  name: z.string(),
  data: lenient(z.object({ message: lenient(z.string()), statusCode: lenient(z.number()) })),
});
type RawError = z.infer<typeof RawError>;

/** A stack, and the class of an error in front of its message, are for a log. */
const STACK = /\n\s+at [\s\S]*$/;
const withoutStack = (message: string): string =>
  STACK.test(message)
    ? message
        .replace(STACK, "")
        .replace(/^\w*Error: /, "")
        .trim()
    : message;

/** What a run says in a directory where an earlier one was stopped too early, whoever stopped it. */
const INTERRUPTED = "All fibers interrupted without error";
const INTERRUPTED_WHY =
  "what OpenCode was loading for this directory was interrupted; if this comes again, restart OpenCode";

function failureOf({ name, data }: RawError): HostFailure {
  const said = withoutStack(data?.message ?? name);
  return {
    kind: failureKind(name),
    message: said === INTERRUPTED ? INTERRUPTED_WHY : said,
    ...defined({ statusCode: data?.statusCode }),
  };
}

const WireError = RawError.transform(failureOf);

/** What a session reports. `refuses`: a prompt that was taken is not stored, whatever else goes on. */
export const WireSessionError = RawError.transform((raw) => {
  const failure = failureOf(raw);
  const [stack = ""] = STACK.exec(raw.data?.message ?? "") ?? [];
  const message = failure.message === raw.name ? "" : failure.message;
  return stack.includes("createUserMessage")
    ? { ...failure, message, refuses: true }
    : { ...failure, refuses: false };
});

function failureKind(name: string): HostFailure["kind"] {
  if (name === "MessageAbortedError") return "aborted";
  const provider = ["APIError", "ProviderAuthError", "ContextOverflowError", "ContentFilterError"];
  return provider.includes(name) ? "provider" : "other";
}

const WireUser = z
  .object({
    role: z.literal("user"),
    id: z.string(),
    time: z.object({ created: z.number() }),
    agent: lenient(z.string().min(1)),
    model: lenient(
      z.object({ providerID: z.string(), modelID: z.string(), variant: lenient(z.string()) }),
    ),
    summary: z
      .object({
        diffs: z.array(z.object({ additions: z.number(), deletions: z.number() })).optional(),
      })
      .optional()
      .catch(undefined),
  })
  .transform((m): { role: "user"; message: UserMessage } => ({
    role: "user",
    message: {
      id: asMessageId(m.id),
      createdMs: m.time.created,
      ...defined({
        settings: m.agent === undefined && m.model === undefined ? undefined : settingsOf(m),
        changes: m.summary?.diffs && sumOf(m.summary.diffs),
      }),
    },
  }));

interface SettingsOnWire {
  readonly agent?: string | undefined;
  readonly model?:
    | {
        readonly providerID: string;
        readonly modelID: string;
        readonly variant?: string | undefined;
      }
    | undefined;
}

function settingsOf({ agent, model }: SettingsOnWire): PromptSettings {
  const ref = model && { provider: model.providerID, model: model.modelID };
  return defined({ agent, model: ref, variant: model?.variant });
}

/** As a prompt says them. */
export function wireSettings({ agent, model, variant }: PromptSettings = {}) {
  const ref = model && { providerID: model.provider, modelID: model.model };
  return defined({ agent, model: ref, variant });
}

export const sumOf = (diffs: readonly { additions: number; deletions: number }[]) => ({
  files: diffs.length,
  additions: diffs.reduce((sum, d) => sum + d.additions, 0),
  deletions: diffs.reduce((sum, d) => sum + d.deletions, 0),
});

const WireAssistant = z
  .object({
    role: z.literal("assistant"),
    id: z.string(),
    parentID: z.string(),
    time: z.object({ created: z.number(), completed: z.number().optional() }),
    finish: lenient(z.string()),
    summary: lenient(z.boolean()),
    modelID: z.string().catch(""),
    providerID: lenient(z.string()),
    cost: z.number().catch(0),
    tokens: lenient(Tokens),
    error: lenient(WireError),
  })
  .transform((m): { role: "assistant"; message: AssistantMessage } => ({
    role: "assistant",
    message: {
      id: asMessageId(m.id),
      parentId: asMessageId(m.parentID),
      createdMs: m.time.created,
      continues: m.finish === "tool-calls",
      finished: m.finish !== undefined,
      isSummary: m.summary ?? false,
      model: m.modelID,
      costUsd: m.cost,
      contextTokens: m.tokens
        ? m.tokens.input + m.tokens.output + m.tokens.cache.read + m.tokens.cache.write
        : 0,
      ...defined({
        provider: m.providerID,
        completedMs: m.time.completed,
        cutShort: cutShortBy(m.finish),
        error: m.error,
      }),
    },
  }));

export const WireMessage = z.discriminatedUnion("role", [WireUser, WireAssistant]);

export const WireStatus = z.union([
  z.object({ type: z.enum(["idle", "busy"]) }).transform((s): RunStatus => ({ kind: s.type })),
  z
    .object({
      type: z.literal("retry"),
      attempt: z.number(),
      message: z.string(),
      next: z.number(),
    })
    .transform(
      (s): RunStatus => ({
        kind: "retry",
        attempt: s.attempt,
        message: s.message,
        nextMs: s.next,
      }),
    ),
]);

export const WirePermission = z
  .object({
    id: z.string(),
    sessionID: z.string(),
    permission: z.string(),
    patterns: z.array(z.string()).catch([]),
    always: z.array(z.string()).catch([]),
    metadata: z.record(z.string(), z.unknown()).catch({}),
    tool: z.object({ messageID: z.string(), callID: z.string() }).optional().catch(undefined),
  })
  .transform(({ metadata: { command, filepath, diff, ...rest }, ...p }): PermissionRequest => {
    const details = argumentsOf(rest) ?? [];
    return {
      id: asRequestId(p.id),
      sessionId: asSessionId(p.sessionID),
      permission: p.permission,
      patterns: p.patterns,
      always: p.always,
      ...defined({
        command: textOf(command),
        path: textOf(filepath),
        diff: textOf(diff),
        call: p.tool && {
          messageId: asMessageId(p.tool.messageID),
          callId: asCallId(p.tool.callID),
        },
        details: details.length > 0 ? details : undefined,
      }),
    };
  });

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

export const WireQuestion = z
  .object({
    id: z.string(),
    sessionID: z.string(),
    questions: z.array(
      z.object({
        header: z.string().catch(""),
        question: z.string(),
        options: z
          .array(z.object({ label: z.string(), description: z.string().catch("") }))
          .default([]),
        multiple: z.boolean().catch(false),
        custom: z.boolean().catch(true),
      }),
    ),
  })
  .transform(
    (q): QuestionRequest => ({
      id: asRequestId(q.id),
      sessionId: asSessionId(q.sessionID),
      questions: q.questions,
    }),
  );

export const WireTodos = z.array(
  z.object({
    content: z.string(),
    status: z.enum(["pending", "in_progress", "completed", "cancelled"]).catch("pending"),
  }),
);
