import type { InstanceId, SessionId } from "./models/ids.ts";
import type { Clock, MappingStore } from "./ports.ts";
import { sessionGoneNotice } from "./render/notice.ts";

const SERVED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** A directory that this process serves, as the gateway needs it. */
export interface ServedDirectory {
  /** Another bridge serves the directory from now on. */
  stop(): void;
  /** `gone` where OpenCode does not have the session any more. */
  resume(id: SessionId): Promise<"resumed" | "gone">;
}

/** Brings sessions back whose process is gone, in this process. Resolves with what to tell the person. */
export function createSessionResumer(deps: {
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly served: (directory: string) => ServedDirectory | undefined;
  /** Makes OpenCode load a directory, and so this plugin for it. */
  readonly load: (directory: string) => Promise<void>;
}): (id: SessionId) => Promise<string> {
  const { store, clock } = deps;

  async function directoryOf(directory: string): Promise<ServedDirectory | undefined> {
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

  return async (id) => {
    const mapping = (await store.load()).find((m) => m.sessionId === id);
    if (!mapping) return "No thread of that session is known.";
    const { owner, status, directory } = mapping;
    if (status === "active" && owner && deps.isAlive(owner)) {
      return "This session is live: reply in its thread to prompt it.";
    }
    const served = await directoryOf(directory);
    if (!served) return `OpenCode could not open \`${directory}\`. Is the folder still there?`;
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
