import type { ChatPort, Clock } from "../ports.ts";

interface Clocks {
  readonly chat: Pick<ChatPort, "now">;
  readonly clock: Pick<Clock, "now">;
}

/** A time of the server's by this machine's clock: the two may be hours apart. */
export const toLocalMs = (serverMs: number, { chat, clock }: Clocks): number =>
  serverMs - chat.now() + clock.now();

export const toServerMs = (localMs: number, { chat, clock }: Clocks): number =>
  localMs - clock.now() + chat.now();
