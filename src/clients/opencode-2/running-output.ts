import { z } from "zod";
import { messageOf } from "../../errors.ts";
import type { SessionId } from "../../models/ids.ts";
import type { Clock, Logger } from "../../ports.ts";
import type { HttpApi } from "./http-api.ts";
import type { RunningShell } from "./session-run.ts";

const LOOK_EVERY_MS = 1_000;
/** Nobody reads more of a command that still runs. */
const SHOWN_CHARS = 8_000;

/** A piece of what a command has printed. Places are counted in bytes. */
export interface OutputPiece {
  readonly text: string;
  /** Where the next piece begins. */
  readonly next: number;
  /** How much there is by now. */
  readonly size: number;
}

const Output = z.object({
  data: z.object({ output: z.string(), cursor: z.number(), size: z.number() }),
});

/** Asks OpenCode what a command has printed. `undefined` where it cannot be asked. */
export async function readOutput(
  api: HttpApi | undefined,
  directory: string | undefined,
  { shellId }: RunningShell,
  from: number,
): Promise<OutputPiece | undefined> {
  if (!api || directory === undefined) return undefined;
  const location = `location[directory]=${encodeURIComponent(directory)}`;
  const path = `/api/shell/${shellId}/output?cursor=${from}&limit=${SHOWN_CHARS}&${location}`;
  const { data } = Output.parse(await api.call("read a command's output", "GET", path));
  return { text: data.output, next: data.cursor, size: data.size };
}

/** What commands print while they run: OpenCode 2 tells it only to those that ask. */
export interface RunningOutput {
  /** A command of the session has begun to run. */
  watch(id: SessionId): void;
}

export function createRunningOutput(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The session's commands that run now. */
  readonly running: (id: SessionId) => readonly RunningShell[];
  /** What it has printed from there on; `undefined` where OpenCode cannot be asked. */
  readonly read: (
    id: SessionId,
    shell: RunningShell,
    from: number,
  ) => Promise<OutputPiece | undefined>;
  readonly on: (id: SessionId, shell: RunningShell, output: string) => void;
}): RunningOutput {
  const { clock, logger } = deps;
  const watched = new Set<SessionId>();
  const seen = new Map<string, { readonly piece: OutputPiece; readonly output: string }>();

  async function look(id: SessionId): Promise<void> {
    const shells = deps.running(id);
    await Promise.all(shells.map((shell) => readMore(id, shell)));
    if (deps.running(id).length > 0) return lookAgain(id);
    watched.delete(id);
    for (const { shellId } of shells) seen.delete(shellId);
  }

  async function readMore(id: SessionId, shell: RunningShell): Promise<void> {
    const { shellId } = shell;
    const { piece: last, output: before } = seen.get(shellId) ?? { piece: undefined, output: "" };
    const from = Math.max(last?.next ?? 0, (last?.size ?? 0) - SHOWN_CHARS);
    const piece = await deps.read(id, shell, from).catch((error) => {
      logger.debug(`what ${shellId} prints could not be read: ${messageOf(error)}`);
      return undefined;
    });
    if (!piece) return;
    const output = (from === last?.next ? before + piece.text : piece.text).slice(-SHOWN_CHARS);
    seen.set(shellId, { piece, output });
    if (output !== before) deps.on(id, shell, output);
  }

  function lookAgain(id: SessionId): void {
    clock.schedule(LOOK_EVERY_MS, () => void look(id));
  }

  return {
    watch(id) {
      if (watched.has(id)) return;
      watched.add(id);
      lookAgain(id);
    },
  };
}
