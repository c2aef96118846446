/** An answer as it came, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: string | ArrayBuffer;
}

/** What came is more than was allowed. */
export class TooLargeError extends Error {}

/**
 * One request by the runtime's own `fetch`, of whose answer at most `maxBytes` are taken. Follows no redirect. Rejects with `TooLargeError`,
 * and with what `fetch` rejects with.
 */
export async function boundedFetch(
  url: string,
  request: RequestInit,
  how: { readonly maxBytes: number; readonly as: "text" | "bytes" },
): Promise<Answer> {
  const answer = await fetch(url, { ...request, redirect: "manual" });
  const { status } = answer;
  return { status, headers: Object.fromEntries(answer.headers), data: await bodyOf(answer, how) };
}

async function bodyOf(
  answer: Response,
  { maxBytes, as }: Parameters<typeof boundedFetch>[2],
): Promise<string | ArrayBuffer> {
  // What is packed is larger than its header says.
  const isPacked = answer.headers.has("content-encoding");
  const stated = isPacked ? Number.NaN : Number(answer.headers.get("content-length") ?? Number.NaN);
  if (stated <= maxBytes) return as === "text" ? answer.text() : answer.arrayBuffer();
  const bytes = await readUpTo(maxBytes, answer);
  return as === "text" ? new TextDecoder().decode(bytes) : bytes;
}

async function readUpTo(maxBytes: number, { body }: Response): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLargeError(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole.buffer;
}
