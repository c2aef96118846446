import { readFileSync } from "node:fs";
import { messageOf } from "../../errors.ts";
import { isMissing } from "../../persistence/io-failure.ts";
import { parseDocument, readEntries } from "../../persistence/mappings-document.ts";
import { type Finding, found } from "../findings/finding.ts";

/** The file of which thread belongs to which session, only read. */
export function checkMappings(path: string): Finding {
  const bytes = bytesOf(path);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const parsed = parseDocument(bytes);
  if (parsed.kind === "newer") return found("mappings.newer", { path, version: parsed.version });
  if (parsed.kind === "unreadable") return found("mappings.bad", { path, reason: parsed.reason });
  const { mappings, problems } = readEntries(parsed.document);
  const [problem] = problems;
  if (problem !== undefined) return found("mappings.entry", { path, problem });
  return found("mappings.ok", { path, count: mappings.length });
}

function bytesOf(path: string): Uint8Array | Finding {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return found("mappings.none");
    return found("mappings.closed", { path, reason: messageOf(error) });
  }
}
