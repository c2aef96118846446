import type { Post, Reaction } from "../models/chat.ts";
import type { KillSwitch } from "../ports.ts";
import { isLockCommand } from "./message-router.ts";

/** Where the owner's kill switch stands. */
type Switch = Pick<KillSwitch, "period">;

/** What the owner wrote while everything was switched off is not acted on, then or later. The kill switch itself always works. */
export function isShutOut({ message, createdMs }: Post, lock: Switch): boolean {
  const { fromMs, untilMs } = lock.period();
  return fromMs < createdMs && createdMs < untilMs && !isLockCommand(message);
}

/** Whether a post may be acted on now that its turn has come. */
export const mayActOn = (post: Post, lock: Switch & Pick<KillSwitch, "isOn">): boolean =>
  isLockCommand(post.message) || !(lock.isOn() || isShutOut(post, lock));

/** Taps are read again now and then. One from before the last `!unlock` counts for nothing, whoever has heard of it since. */
export const countsAsTap = ({ createdMs }: Reaction, lock: Switch): boolean =>
  createdMs >= lock.period().untilMs;
