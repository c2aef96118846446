import type { InstanceId, SessionId } from "../models/ids.ts";
import type { Project } from "../models/session-line.ts";
import type { Clock, MappingStore } from "../ports.ts";
import { escapeText, inlineCode } from "../render/markdown/markup.ts";
import { sessionGoneNotice } from "../render/notice.ts";
import { standingOf } from "../thread/standing.ts";

const SERVED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** A directory that this process serves, as the gateway needs it. */
export interface ServedDirectory {
  /** Another bridge serves the directory from now on. */
  stop(): void;
  /** Starts a session; `prompt` may be empty. */
  create(prompt: string): Promise<void>;
  /** `gone` where OpenCode does not have the session any more. */
  resume(id: SessionId): Promise<"resumed" | "gone">;
}

interface OpenerDeps {
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly served: (directory: string) => ServedDirectory | undefined;
  /** Makes OpenCode load a directory, and so this plugin for it. */
  readonly load: (directory: string) => Promise<void>;
}

/** The bridge of a directory, opened by OpenCode where it is not yet; `undefined` where that does not work. */
async function openDirectory(
  deps: OpenerDeps,
  directory: string,
): Promise<ServedDirectory | undefined> {
  const { clock } = deps;
  const served = deps.served(directory);
  if (served) return served;
  await deps.load(directory);
  const untilMs = clock.now() + SERVED_WITHIN_MS;
  while (!deps.served(directory) && clock.now() < untilMs) {
    await new Promise<void>((resolve) => {
      clock.schedule(LOOK_EVERY_MS, resolve);
    });
  }
  return deps.served(directory);
}

const notOpened = (directory: string): string =>
  `OpenCode could not open ${inlineCode(directory)}. Is the folder still there?`;

/**
 * Starts sessions in known projects: those that had sessions, or are being served. `start` resolves with what to tell the person.
 */
export function createSessionStarter(
  deps: OpenerDeps & { readonly directories: () => readonly string[] },
) {
  return {
    async projects(): Promise<readonly Project[]> {
      const known = (await deps.store.load()).map((mapping) => mapping.directory);
      const all = new Set([...deps.directories(), ...known].filter(Boolean));
      return [...all].map((directory) => ({
        name: directory.split(/[\\/]/).findLast(Boolean) ?? directory,
        directory,
      }));
    },
    async start({ name, directory }: Project, prompt: string): Promise<string> {
      const served = await openDirectory(deps, directory);
      if (!served) return notOpened(directory);
      await served.create(prompt);
      return `🟢 A new session in **${escapeText(name)}** begins: its thread appears here.`;
    },
  };
}

/** Brings sessions back that no other process has, in this process. Resolves with what to tell the person. */
export function createSessionResumer(
  deps: OpenerDeps & {
    readonly instanceId: InstanceId;
    readonly isAlive: (instance: InstanceId) => boolean;
  },
): (id: SessionId) => Promise<string> {
  const { store, clock } = deps;
  return async (id) => {
    const mapping = (await store.load()).find((m) => m.sessionId === id);
    if (!mapping) return "No thread of that session is known.";
    const { status, directory } = mapping;
    if (status === "active" && standingOf(mapping, deps) === "theirs") {
      return "This session is live: reply in its thread to prompt it.";
    }
    const served = await openDirectory(deps, directory);
    if (!served) return notOpened(directory);
    if ((await served.resume(id)) === "resumed")
      return "🟢 **Back** · reply in its thread to prompt it";
    await store.update(id, (stored) => {
      if (!stored) return stored;
      const { owner: _, ...rest } = stored;
      return { ...rest, status: "orphaned", updatedAtMs: clock.now() };
    });
    return sessionGoneNotice();
  };
}
