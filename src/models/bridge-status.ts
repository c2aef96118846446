import type { ServerLimits } from "./chat.ts";

/** How this process stands. */
export interface BridgeStatus {
  readonly botName: string;
  readonly ownerName: string;
  readonly server: ServerLimits;
  /** Of the server. */
  readonly address: string;
  /** The state of the socket, in a word, and for how long it has been in that. */
  readonly connection: string;
  readonly connectionForMs: number;
  /** How long the server takes to answer just now; absent where it does not. */
  readonly latencyMs?: number;
  /** How many prompts wait in queues, in every process. */
  readonly queued: number;
  readonly directories: readonly string[];
  readonly version: string;
  /** The newest warning or error that was logged, and how long ago that was. */
  readonly problem?: { readonly text: string; readonly forMs: number };
  /** The log, as the person knows its path. */
  readonly log: string;
}
