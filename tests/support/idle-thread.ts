import type { ThreadPort } from "../../src/commands/command.ts";
import type { HostOffers } from "../../src/models/host-offers.ts";
import { asSessionId } from "../../src/models/ids.ts";

/** A session for which nothing was chosen. */
export const createIdleChoices = () => ({
  chosen: () => ({}),
  next: async () => ({}),
  choose: async () => undefined,
  verbosity: () => "normal" as const,
  chooseVerbosity: async () => undefined,
});

/** A thread in which nothing runs and nothing waits. */
export const createIdleThread = (host: HostOffers = {}): ThreadPort => ({
  sessionId: asSessionId("ses_1"),
  host,
  choices: createIdleChoices(),
  queue: {
    count: () => 0,
    isHeld: () => false,
    texts: async () => [],
    add: async () => undefined,
    take: async () => [],
  },
  history: {
    undo: async () => "Nothing to undo.",
    redo: async () => "Nothing to redo.",
    fork: async () => "Nothing to fork.",
    retry: async () => "Nothing to run again.",
  },
  work: {
    command: async () => "",
    shell: async () => "",
    compact: async () => "",
  },
  context: async () => ({ tokens: 0, costUsd: 0 }),
  look: async () => ({ kind: "refused", why: "is not there. `!file .` lists the folder." }),
  end: async () => 0,
  stop: async () => "nothing-runs",
  answerPermission: async () => "not-an-answer",
});
