import { HostError, messageOf } from "../../errors.ts";
import type { Clock } from "../../ports.ts";

const CALL_WITHIN_MS = 30_000;

/** A call of the plugin's context. Settles within 30 s and rejects with `HostError`. */
export async function settle(
  what: string,
  clock: Clock,
  call: () => Promise<unknown>,
): Promise<unknown> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `OpenCode did not ${what} within ${CALL_WITHIN_MS / 1000} s`;
    cancel = clock.schedule(CALL_WITHIN_MS, () =>
      reject(new HostError(message, { kind: "unknown" })),
    );
  });
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    if (error instanceof HostError) throw error;
    const kind = kindOf(error);
    const would = kind === "unknown" ? "could" : "would";
    throw new HostError(`OpenCode ${would} not ${what}: ${messageOf(error)}`, {
      kind,
      cause: error,
    });
  } finally {
    cancel();
  }
}

/** OpenCode's errors carry a tag; that of a request that is gone has none, and says so. */
function kindOf(error: unknown): HostError["kind"] {
  const tag: unknown =
    typeof error === "object" && error !== null ? Reflect.get(error, "_tag") : "";
  const name = typeof tag === "string" ? tag : "";
  if (name.includes("NotFound") || /not found/i.test(messageOf(error))) return "not-found";
  return name === "" ? "unknown" : "refused";
}
