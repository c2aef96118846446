import { REDACTED, type Redactor } from "../../models/redaction.ts";

/** A file without the secrets in it; the same bytes where there are none. */
export function clearBytes(bytes: Uint8Array, redactor: Redactor): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // In Latin-1 each byte is one character, so that places in the text are places in the file.
  const spans = redactor.find(file.toString("latin1"));
  if (spans.length === 0) return bytes;
  const mark = Buffer.from(REDACTED);
  const kept = spans.flatMap(({ start }, at) => [
    file.subarray(spans[at - 1]?.end ?? 0, start),
    mark,
  ]);
  return Buffer.concat([...kept, file.subarray(spans.at(-1)?.end ?? 0)]);
}
