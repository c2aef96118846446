import { asMessageId, type MessageId } from "./ids.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARS = 14;
/** OpenCode counts up to so many ids in one millisecond. */
const PER_MS = 0x1000n;

/**
 * An id for a message to be sent to OpenCode, made as OpenCode makes its own: `msg_`, twelve hexadecimal digits of the time
 * (the low 48 bits of milliseconds × 4096), fourteen random characters. Screens that sort by id show it in its place.
 */
export function newMessageId(nowMs: number): MessageId {
  const time = BigInt.asUintN(48, BigInt(Math.floor(nowMs)) * PER_MS)
    .toString(16)
    .padStart(12, "0");
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_CHARS));
  return asMessageId(
    `msg_${time}${[...random].map((n) => ALPHABET[n % ALPHABET.length]).join("")}`,
  );
}
