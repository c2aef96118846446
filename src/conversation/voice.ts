import { messageOf } from "../errors.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import type { Sound } from "../models/sound.ts";
import type { Hear, HostPort, Logger } from "../ports.ts";
import { deafNotice, notHeardNotice, nothingHeardNotice } from "../render/voice-notice.ts";

/** What becomes of a sound that the owner sends: its words, the model hears it itself, or why neither. */
type Heard =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "sound" }
  | { readonly kind: "deaf" | "failed"; readonly problem: string };

/** Never rejects. */
export type Listen = (sound: Sound) => Promise<Heard>;

export function createListen(deps: {
  /** Absent where no service for it is set. */
  readonly hear: Hear | undefined;
  readonly directory: string;
  /** Whether the model of the next prompt hears sound. */
  readonly modelHears: () => Promise<boolean>;
  readonly logger: Logger;
}): Listen {
  const { hear, directory, logger } = deps;
  return async (sound) => {
    const { name } = sound;
    try {
      if (hear) {
        const text = await hear(sound, directory);
        if (text !== "") return { kind: "words", text };
        return { kind: "failed", problem: nothingHeardNotice(name) };
      }
      return (await deps.modelHears())
        ? { kind: "sound" }
        : { kind: "deaf", problem: deafNotice(name) };
    } catch (error) {
      const reason = messageOf(error);
      logger.warn(`a voice message could not be heard: ${reason}`);
      return { kind: "failed", problem: notHeardNotice(name, reason) };
    }
  };
}

/**
 * Whether the model that a prompt runs with hears sound. Where it is not known which that is, whether any does: OpenCode tells one that
 * does not what it was sent.
 */
export async function modelHears(
  host: Pick<HostPort, "models">,
  { model: used }: PromptSettings,
): Promise<boolean> {
  const hearing = ((await host.models?.()) ?? []).filter(({ hears }) => hears);
  return hearing.some(
    ({ provider, model }) => !used || (model === used.model && provider === used.provider),
  );
}
