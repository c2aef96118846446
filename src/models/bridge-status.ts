import type { ServerLimits } from "./chat.ts";

/** How this process stands. */
export interface BridgeStatus {
  readonly botName: string;
  readonly ownerName: string;
  readonly server: ServerLimits;
  readonly connection: string;
  readonly directories: readonly string[];
  readonly version: string;
  /** The log, as the person knows its path. */
  readonly log: string;
}
