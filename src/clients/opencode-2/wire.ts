import { z } from "zod";
import { argumentsOf } from "../../models/arguments.ts";
import type { HostFailure, PermissionRequest, SessionInfo } from "../../models/host-event.ts";
import { asCallId, asMessageId, asRequestId, asSessionId } from "../../models/ids.ts";
import { diffsOf } from "./file-changes.ts";

/** OpenCode 2's shapes (2.0.14), as far as they are read here, and what they become. Everything else in them is ignored. */

export const SessionId = z.string().transform(asSessionId);
export const MessageId = z.string().transform(asMessageId);
export const CallId = z.string().transform(asCallId);
export const RequestId = z.string().transform(asRequestId);

export const Times = z.object({ created: z.number(), completed: z.number().optional() });

export const Tokens = z.object({
  input: z.number(),
  output: z.number(),
  cache: z.object({ read: z.number(), write: z.number() }),
});

/** What the model was given and what it wrote, cache included. */
export const contextOf = ({ input, output, cache }: z.infer<typeof Tokens>): number =>
  input + output + cache.read + cache.write;

export const WireError = z
  .object({ type: z.string(), message: z.string().default(""), status: z.number().optional() })
  .transform(({ type, message, status }): HostFailure => {
    const isProvider = type.startsWith("provider");
    return {
      kind: type === "aborted" ? "aborted" : isProvider ? "provider" : "other",
      message: message === "" ? type : message,
      ...(status !== undefined && { statusCode: status }),
    };
  });

export const WireSession = z
  .object({
    id: SessionId,
    parentID: SessionId.optional(),
    title: z.string().default(""),
    cost: z.number().catch(0).optional(),
    model: z.object({ id: z.string() }).optional().catch(undefined),
    revert: z.object({ messageID: MessageId }).optional().catch(undefined),
    time: z.object({
      created: z.number(),
      updated: z.number(),
      archived: z.number().optional().catch(undefined),
    }),
    location: z.object({ directory: z.string() }),
  })
  .transform(
    (s): SessionInfo => ({
      id: s.id,
      title: s.title,
      directory: s.location.directory,
      createdMs: s.time.created,
      updatedMs: s.time.updated,
      ...(s.parentID !== undefined && { parentId: s.parentID }),
      ...(s.model !== undefined && { model: s.model.id }),
      ...(s.cost !== undefined && { costUsd: s.cost }),
      ...(s.revert && { undoneFrom: s.revert.messageID }),
      ...(s.time.archived && { archivedMs: s.time.archived }),
    }),
  );

export const WirePermission = z
  .object({
    id: RequestId,
    sessionID: SessionId,
    action: z.string(),
    resources: z.array(z.string()).catch([]),
    save: z.array(z.string()).catch([]),
    metadata: z.record(z.string(), z.unknown()).catch({}).default({}),
    source: z
      .object({ type: z.literal("tool"), messageID: MessageId, id: CallId })
      .optional()
      .catch(undefined),
  })
  .transform(({ source, metadata: { filepath, files, ...rest }, ...p }): PermissionRequest => {
    const changes = diffsOf(files);
    const [path = filepath, ...more] = changes.map((change) => change.path);
    const diff = changes.map(({ patch }) => patch.trimEnd()).join("\n");
    const details =
      argumentsOf(diff === "" ? { ...rest, ...(files !== undefined && { files }) } : rest) ?? [];
    return {
      id: p.id,
      sessionId: p.sessionID,
      permission: p.action,
      patterns: p.resources,
      always: p.save,
      ...(source && { call: { messageId: source.messageID, callId: source.id } }),
      // Of several files the diff says which they are.
      ...(typeof path === "string" && more.length === 0 && { path }),
      ...(diff !== "" && { diff }),
      ...(details.length > 0 && { details }),
    };
  });

/** A prompt's words and files, in an inbox item and in a stored message alike. */
export const WirePrompt = z.object({
  text: z.string().default(""),
  files: z
    .array(
      z.object({
        name: z.string().optional(),
        mime: z.string().default("application/octet-stream"),
      }),
    )
    .catch([])
    .default([]),
  metadata: z
    .object({
      mattermost: z
        .object({
          postId: z.string().optional(),
          origin: z.enum(["new", "again", "voice"]).optional().catch(undefined),
        })
        .optional(),
    })
    .optional()
    .catch(undefined),
});
export type WirePrompt = z.infer<typeof WirePrompt>;

export const WireContent = z.array(
  z
    .union([
      z.object({ type: z.literal("text"), text: z.string() }).transform(({ text }) => text),
      z.unknown().transform(() => ""),
    ])
    .catch(""),
);
