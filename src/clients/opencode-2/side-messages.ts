import { z } from "zod";
import type { StoredMessage } from "../../models/host-event.ts";
import { asCallId, asMessageId, type MessageId as Id } from "../../models/ids.ts";
import { toolPart } from "./parts.ts";
import { MessageId, Times } from "./wire.ts";

/** A message for what is done in a session beside its runs: each is shown as a turn of its own, without words. */
const Base = { id: MessageId, time: Times };

/** A sum of the conversation. */
export const WireSum = z.object({
  ...Base,
  type: z.literal("compaction"),
  status: z.enum(["running", "completed", "failed"]),
  reason: z.string().optional(),
});

/** A command that a person gave to the session's shell. */
export const WireShell = z.object({
  ...Base,
  type: z.literal("shell"),
  shellID: z.string(),
  command: z.string(),
  status: z.enum(["running", "exited", "timeout", "killed"]),
  exit: z.number().optional().catch(undefined),
  output: z.object({ output: z.string() }).optional().catch(undefined),
});

type Sum = Pick<z.infer<typeof WireSum>, "id" | "time" | "status">;

export function sumMessages({ id, time, status }: Sum): readonly StoredMessage[] {
  const part = { kind: "compaction", key: "compaction", messageId: id } as const;
  const asked: StoredMessage = {
    role: "user",
    message: { id, createdMs: time.created },
    parts: [part],
  };
  if (status !== "completed") return [asked];
  return [asked, answer(id, { ...time, completed: time.completed ?? time.created }, true)];
}

export function shellMessages(shell: z.infer<typeof WireShell>): readonly StoredMessage[] {
  const { id, time, status, command, exit, output } = shell;
  const reply = answer(id, time, false);
  const call = toolPart(reply.message.id, {
    id: asCallId(shell.shellID),
    name: "shell",
    state: status === "running" ? "running" : "completed",
    input: { command },
    output: output?.output ?? "",
    startMs: time.created,
    ...(time.completed !== undefined && { endMs: time.completed }),
    ...(exit !== undefined && { metadata: { exit } }),
  });
  const asked = { id, createdMs: time.created };
  return [
    { role: "user", message: asked, parts: [{ kind: "by-hand", key: "shell", messageId: id }] },
    { ...reply, parts: [call] },
  ];
}

function answer(id: Id, time: z.infer<typeof Times>, isSummary: boolean) {
  return {
    role: "assistant",
    message: {
      id: asMessageId(`${id}-done`),
      parentId: id,
      createdMs: time.created,
      ...(time.completed !== undefined && { completedMs: time.completed }),
      continues: false,
      finished: time.completed !== undefined,
      isSummary,
      model: "",
      costUsd: 0,
      contextTokens: 0,
    },
    parts: [],
  } as const satisfies StoredMessage;
}
