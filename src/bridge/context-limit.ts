import { messageOf } from "../errors.ts";
import type { ModelOffer } from "../models/host-offers.ts";
import type { HostPort, Logger } from "../ports.ts";
import { modelInUse } from "../render/session-card.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/**
 * Keeps a session's card told how much the model that answers there can hold. OpenCode is asked once for each model, and again
 * only where it did not answer. To be called when the model may have changed; never rejects.
 */
export function createContextLimit(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: Pick<HostPort, "models">;
  readonly logger: Logger;
}): () => Promise<void> {
  const { runtime, host, logger } = deps;
  let known = "";
  return async () => {
    const inUse = modelInUse(runtime.state());
    const asked = JSON.stringify(inUse);
    if (!inUse || asked === known) return;
    known = asked;
    try {
      const { contextLimit = 0 } = find(await host.models?.(), inUse) ?? {};
      if (asked === known) runtime.setFace({ contextLimit: contextLimit || undefined });
    } catch (error) {
      logger.debug(`how much the model can hold could not be read: ${messageOf(error)}`);
      if (asked === known) known = "";
    }
  };
}

const find = (
  offers: readonly ModelOffer[] = [],
  { model, provider }: { readonly model: string; readonly provider?: string },
): ModelOffer | undefined =>
  offers.find(
    (offer) => offer.model === model && (provider === undefined || offer.provider === provider),
  );
