import { z } from "zod";
import type { Verbosity } from "./desired-post.ts";
import type { PromptSettings } from "./host-offers.ts";

const VERBOSITIES = ["quiet", "normal", "verbose"] as const;

/** What the owner has chosen for one session. Kept in its mapping. */
export const SessionSettings = z.looseObject({
  agent: z.string().optional(),
  model: z.object({ provider: z.string(), model: z.string() }).optional(),
  /** Empty: the model's own default. */
  variant: z.string().optional(),
  /** The newest last; a turn is shown as was chosen when it began. */
  verbosity: z.array(z.object({ is: z.enum(VERBOSITIES), sinceMs: z.number() })).optional(),
});

export interface SessionSettings {
  readonly agent?: string | undefined;
  readonly model?: { readonly provider: string; readonly model: string } | undefined;
  readonly variant?: string | undefined;
  readonly verbosity?: readonly ChosenVerbosity[] | undefined;
}

interface ChosenVerbosity {
  readonly is: Verbosity;
  readonly sinceMs: number;
}

/** More turns than these never change how they look. */
const VERBOSITIES_KEPT = 5;

export const asVerbosity = (word: string): Verbosity | undefined =>
  VERBOSITIES.find((each) => each === word);

export function withVerbosity(
  { verbosity = [], ...settings }: SessionSettings,
  chosen: ChosenVerbosity,
): SessionSettings {
  return { ...settings, verbosity: [...verbosity, chosen].slice(-VERBOSITIES_KEPT) };
}

/** What counts for a turn that began then; `otherwise` where nothing had been chosen. */
export function verbosityAt(
  { verbosity = [] }: SessionSettings,
  atMs: number,
  otherwise: Verbosity,
): Verbosity {
  return verbosity.findLast(({ sinceMs }) => sinceMs <= atMs)?.is ?? otherwise;
}

/**
 * What a prompt runs with: what was chosen for the session, and for the rest what the last prompt ran with. Another agent brings
 * its own model, another model its own variant.
 */
export function promptSettings(
  last: PromptSettings | undefined,
  chosen: SessionSettings,
): PromptSettings | undefined {
  const agent = chosen.agent ?? last?.agent;
  const goesOn = agent === last?.agent ? last : undefined;
  const model = chosen.model ?? goesOn?.model;
  const kept = chosen.model ? undefined : goesOn?.variant;
  const variant = chosen.variant ?? kept;
  const settings = {
    ...(agent && { agent }),
    ...(model && { model }),
    ...(variant && { variant }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}
