import { z } from "zod";
import type { HostEvent, StoredMessage } from "../../models/host-event.ts";
import { type Context, type Meanings, meaning, NOTHING, status } from "./meaning.ts";
import { sumMessages } from "./side-messages.ts";
import { MessageId, WireError } from "./wire.ts";

/** A sum of the conversation that somebody asked for. One that OpenCode makes by itself belongs to the turn in which it does. */
const Asked = z.object({ reason: z.literal("manual"), inputID: MessageId });

/** Tells messages as if they were just written. */
const toldAnew = (
  sessionId: Context["sessionId"],
  messages: readonly StoredMessage[],
): readonly HostEvent[] =>
  messages.flatMap(({ role, message, parts }) => [
    role === "user"
      ? { type: "user-message", sessionId, message }
      : { type: "assistant-message", sessionId, message },
    ...parts.map((part): HostEvent => ({ type: "part", sessionId, part })),
  ]);

const Shell = z.object({ shell: z.object({ id: z.string() }) });

/** What a shell command of a person's own became, where it runs beside what the model does: such a turn is begun and ended with it. */
export function shellTold(
  event: { readonly type: string; readonly data: unknown },
  { run, sessionId }: Pick<Context, "run" | "sessionId">,
  messages: readonly StoredMessage[],
): readonly HostEvent[] {
  const id = Shell.safeParse(event.data).data?.shell.id;
  if (id === undefined || (run.working && !run.shells.has(id))) return NOTHING;
  const answer = messages.find(({ parts }) =>
    parts.some((part) => part.kind === "tool" && part.call.id === id),
  );
  if (answer?.role !== "assistant") return NOTHING;
  const asked = messages.find(({ message }) => message.id === answer.message.parentId);
  return toldAnew(sessionId, asked ? [asked, answer] : []);
}

/** What is done in a session without a prompt: its conversation is summed up, a person gives a command to its shell. */
export const SIDE_EVENTS: Meanings = {
  "session.compaction.started": meaning(Asked, ({ inputID }, context) => {
    const { run, sessionId, atMs } = context;
    if (run.working) return NOTHING;
    run.working = true;
    run.compacting = { id: inputID, createdMs: atMs };
    const begun = sumMessages({ id: inputID, time: { created: atMs }, status: "running" });
    return [...toldAnew(sessionId, begun), status(sessionId, { kind: "busy" })];
  }),
  "session.compaction.ended": meaning(z.unknown(), (_, { run, sessionId, atMs }) => {
    const compacted: HostEvent = { type: "compacted", sessionId };
    const asked = run.compacting;
    delete run.compacting;
    if (!asked) return [compacted];
    const time = { created: asked.createdMs, completed: atMs };
    const done = sumMessages({ id: asked.id, time, status: "completed" });
    return [...toldAnew(sessionId, done), compacted];
  }),
  "session.compaction.failed": meaning(z.object({ error: WireError }), ({ error }, context) => {
    const { run, sessionId } = context;
    if (!run.compacting) return NOTHING;
    delete run.compacting;
    return [{ type: "failed", sessionId, error }];
  }),
  "session.shell.started": meaning(
    Shell,
    ({ shell }, { run, sessionId }) => {
      if (run.working) return NOTHING;
      run.shells.add(shell.id);
      return [status(sessionId, { kind: "busy" })];
    },
    { isShell: true },
  ),
  "session.shell.ended": meaning(
    Shell,
    ({ shell }, { run, sessionId }) => {
      const isLast = run.shells.delete(shell.id) && run.shells.size === 0;
      return isLast && !run.working ? [status(sessionId, { kind: "idle" })] : NOTHING;
    },
    { isShell: true },
  ),
};
