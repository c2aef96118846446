import { REDACTED, type Redactor } from "../../models/redaction.ts";

/** A longer text is looked through for what stands in it as it is only. */
const MAX_TEXT_BYTES = 1_000_000;

/** A file without the secrets in it; the same bytes where there are none. A text is cleared as what is posted is. */
export function clearBytes(bytes: Uint8Array, redactor: Redactor): Uint8Array {
  const text = textOf(bytes);
  if (text === undefined) return clearedInPlace(bytes, redactor);
  const cleared = redactor.text(text);
  return cleared === text ? bytes : new TextEncoder().encode(cleared);
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_TEXT_BYTES) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function clearedInPlace(bytes: Uint8Array, redactor: Redactor): Uint8Array {
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
