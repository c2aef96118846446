import type { Verbosity } from "../models/desired-post.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import {
  promptSettings,
  type SessionSettings,
  verbosityAt,
  withVerbosity,
} from "../models/session-settings.ts";
import type { Clock, HostPort } from "../ports.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { lastSettings } from "./prompt-settings.ts";

/** What the owner chooses for a session: kept with its mapping, so that it outlives the process. */
export interface SessionChoices {
  chosen(): SessionSettings;
  /** What the next prompt will run with. Rejects where OpenCode does not say what the last one did. */
  next(): Promise<PromptSettings>;
  /** Rejects where it cannot be kept. */
  choose(change: Pick<SessionSettings, "agent" | "model" | "variant">): Promise<void>;
  verbosity(): Verbosity;
  /** From the next prompt on. Rejects as above. */
  chooseVerbosity(is: Verbosity): Promise<void>;
}

export function createSessionChoices(deps: {
  readonly runtime: Pick<ThreadRuntime, "state">;
  readonly host: HostPort;
  readonly ownership: Pick<ThreadOwnership, "mapping" | "change">;
  readonly clock: Clock;
  /** Of threads for which nothing was chosen. */
  readonly verbosity: Verbosity;
}): SessionChoices {
  const { runtime, host, ownership, clock } = deps;
  const chosen = (): SessionSettings => ownership.mapping()?.settings ?? {};

  return {
    chosen,
    async next() {
      const { run, session } = runtime.state();
      const last = await lastSettings(host, session.id, run.kind === "idle");
      return promptSettings(last, chosen()) ?? {};
    },
    choose: (change) =>
      ownership.change((stored) => ({ ...stored, settings: { ...stored.settings, ...change } })),
    verbosity: () => verbosityAt(chosen(), clock.now(), deps.verbosity),
    chooseVerbosity(is) {
      const sinceMs = clock.now();
      return ownership.change((stored) => ({
        ...stored,
        settings: withVerbosity(stored.settings ?? {}, { is, sinceMs }),
      }));
    },
  };
}
