/** How OpenCode gives a file to the model: as what it is, or its text in the prompt. */
export type PromptMime =
  | "image/png"
  | "image/jpeg"
  | "image/gif"
  | "image/webp"
  | "application/pdf"
  | "text/plain";

/** What stands at the beginning of a file of this type: byte by byte, from this place on. */
const SIGNATURES: readonly (readonly [PromptMime, signature: string, at: number])[] = [
  ["image/png", "\x89PNG\r\n\x1a\n", 0],
  ["image/jpeg", "\xff\xd8\xff", 0],
  ["image/gif", "GIF87a", 0],
  ["image/gif", "GIF89a", 0],
  ["image/webp", "WEBP", 8],
  ["application/pdf", "%PDF-", 0],
];
const LOOKED_AT_BYTES = 16;

/** OpenCode reads no text from files with these endings, whatever is in them. */
const NOT_READ =
  /\.(?:zip|tar|gz|exe|dll|so|class|jar|war|7z|docx?|xlsx?|pptx?|od[tsp]|bin|dat|obj|o|a|lib|wasm|py[co])$/i;
/** It takes them for pictures and documents, and refuses the prompt where they are none. */
const NOT_TEXT = /\.(?:png|jpe?g|gif|webp|bmp|ico|tiff?|avif|hei[cf]|pdf)$/i;

/** Pure. By what is in a file, not by its name; `undefined` for what the model can only find by its path. */
export function promptMime(name: string, bytes: Uint8Array): PromptMime | undefined {
  if (bytes.length === 0) return undefined;
  const beginning = String.fromCharCode(...bytes.subarray(0, LOOKED_AT_BYTES));
  const found = SIGNATURES.find(([, signature, at]) => beginning.startsWith(signature, at));
  if (found) return found[0];
  if (NOT_READ.test(name) || NOT_TEXT.test(name)) return undefined;
  return isText(bytes) ? "text/plain" : undefined;
}

/** UTF-8 throughout, and nothing in it that only a machine writes. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
