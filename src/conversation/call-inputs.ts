import { messageOf } from "../errors.ts";
import type { PermissionRequest } from "../models/host-event.ts";
import type { RequestId } from "../models/ids.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { isLookedUp } from "../state/call-input.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** After this a request is shown without what its call was given. */
const KNOWN_WITHIN_MS = 2_000;
const READ_EVERY_MS = 250;

/** Finds out what the calls were given that ask for permission, where no event has told: a sub-agent's, and those of before a restart. */
export interface CallInputs {
  /** There may be requests that wait for it. Returns at once. */
  look(): void;
}

export function createCallInputs(deps: {
  readonly runtime: Pick<ThreadRuntime, "state" | "apply">;
  readonly host: Pick<HostPort, "toolCall">;
  readonly clock: Clock;
  readonly logger: Logger;
}): CallInputs {
  const { runtime, host, clock, logger } = deps;
  const looking = new Set<RequestId>();

  const isOpen = (id: RequestId): boolean =>
    runtime.state().permissions.some((entry) => entry.request.id === id && isLookedUp(entry));

  async function read({ id, sessionId, call: ref }: PermissionRequest): Promise<void> {
    if (!looking.has(id) || !isOpen(id) || !ref) return;
    const { messageId } = ref;
    try {
      const call = await host.toolCall(sessionId, ref);
      if (call) runtime.apply({ type: "call-read", sessionId, messageId, call });
    } catch (error) {
      logger.debug(`a tool call could not be read: ${messageOf(error)}`);
    }
  }

  function begin(request: PermissionRequest): void {
    const { id } = request;
    looking.add(id);
    const again = (): void => {
      void read(request).then(() => {
        if (looking.has(id) && isOpen(id)) clock.schedule(READ_EVERY_MS, again);
      });
    };
    again();
    clock.schedule(KNOWN_WITHIN_MS, () => {
      looking.delete(id);
      runtime.apply({ type: "input-unknown", requestId: id });
    });
  }

  return {
    look() {
      for (const entry of runtime.state().permissions) {
        if (isLookedUp(entry) && !looking.has(entry.request.id)) begin(entry.request);
      }
    },
  };
}
