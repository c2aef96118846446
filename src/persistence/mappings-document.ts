import type { z } from "zod";
import type { ChannelId, PostId, SessionId } from "../models/ids.ts";
import { asPostId } from "../models/ids.ts";
import { MappingsFile, SCHEMA_VERSION, ThreadMapping } from "../models/thread-mapping.ts";

/** The file as parsed: whatever this version does not understand in it is carried along. */
export type MappingsDocument = Readonly<z.infer<typeof MappingsFile>>;

export type Parsed =
  | { readonly kind: "readable"; readonly document: MappingsDocument }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "unreadable"; readonly reason: string };

export interface ReadEntries {
  /** In the order of the file. Of several entries for one session: the one changed last. */
  readonly mappings: readonly ThreadMapping[];
  /** Entries that are no mapping, each as a line saying where and why; never with what they hold. */
  readonly problems: readonly string[];
}

export const EMPTY: MappingsDocument = { version: SCHEMA_VERSION, threads: [] };

export function parseDocument(bytes: Uint8Array): Parsed {
  const content = parseJson(bytes);
  if ("reason" in content) return { kind: "unreadable", reason: content.reason };
  // The version comes first: a newer file may have another shape altogether.
  const version = MappingsFile.shape.version.safeParse(memberOf(content.value, "version"));
  if (version.success && version.data > SCHEMA_VERSION) {
    return { kind: "newer", version: version.data };
  }
  const parsed = MappingsFile.safeParse(content.value);
  if (!parsed.success) return { kind: "unreadable", reason: firstIssue(parsed.error) };
  if (parsed.data.version !== SCHEMA_VERSION) {
    return { kind: "unreadable", reason: `there is no version ${parsed.data.version}` };
  }
  return { kind: "readable", document: parsed.data };
}

export const serialize = (document: MappingsDocument): string =>
  `${JSON.stringify(document, null, 2)}\n`;

export function readEntries(document: MappingsDocument): ReadEntries {
  const bySession = new Map<SessionId, ThreadMapping>();
  const problems: string[] = [];
  for (const [index, entry] of document.threads.entries()) {
    const parsed = ThreadMapping.safeParse(entry);
    if (!parsed.success) {
      problems.push(`threads[${index}]: ${firstIssue(parsed.error)}`);
      continue;
    }
    const other = bySession.get(parsed.data.sessionId);
    if (!other || isNewer(parsed.data, other)) bySession.set(parsed.data.sessionId, parsed.data);
  }
  return { mappings: [...bySession.values()], problems };
}

export function findEntry(
  document: MappingsDocument,
  sessionId: SessionId,
): ThreadMapping | undefined {
  const entries = document.threads.filter((entry) => isOf(entry, sessionId));
  return readEntries({ ...document, threads: entries }).mappings[0];
}

/**
 * The document with `mapping` as the one valid entry of its session, in the place of the first it had. Members of the
 * entry that this version does not know stay. The same document where nothing changes.
 */
export function withEntry(document: MappingsDocument, mapping: ThreadMapping): MappingsDocument {
  const stored = findEntry(document, mapping.sessionId);
  const wanted = ThreadMapping.parse(mapping);
  const entry = { ...wanted, ...unknownMembers(stored), ...unknownMembers(wanted) };
  if (stored !== undefined && JSON.stringify(entry) === JSON.stringify(stored)) return document;
  const replaced = document.threads.map((old) => (replaces(mapping, old) ? entry : old));
  const threads = replaced.filter((old, at) => old !== entry || replaced.indexOf(entry) === at);
  return { ...document, threads: threads.includes(entry) ? threads : [...threads, entry] };
}

/** The document without the sessions that `isOver` picks. Entries that cannot be read stay. */
export function withoutEntries(
  document: MappingsDocument,
  isOver: (mapping: ThreadMapping) => boolean,
): { readonly document: MappingsDocument; readonly removed: number } {
  const over = readEntries(document).mappings.filter(isOver);
  if (over.length === 0) return { document, removed: 0 };
  const threads = document.threads.filter((entry) => !over.some((m) => replaces(m, entry)));
  return { document: { ...document, threads }, removed: over.length };
}

export function cursorIn(document: MappingsDocument, channelId: ChannelId): PostId | undefined {
  const cursors = document.cursors ?? {};
  const id = Object.hasOwn(cursors, channelId) ? cursors[channelId] : undefined;
  return typeof id === "string" ? asPostId(id) : undefined;
}

/** The same document where the cursor is there already. */
export function withCursor(
  document: MappingsDocument,
  channelId: ChannelId,
  to: PostId,
): MappingsDocument {
  if (cursorIn(document, channelId) === to) return document;
  return { ...document, cursors: { ...document.cursors, [channelId]: to } };
}

function parseJson(bytes: Uint8Array): { readonly value: unknown } | { readonly reason: string } {
  if (bytes.length === 0) return { reason: "it is empty" };
  try {
    // Strictly: replacing broken characters would change entries without anybody noticing.
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch {
    return { reason: "it is not JSON" };
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

const isOf = (entry: unknown, sessionId: SessionId): boolean =>
  memberOf(entry, "sessionId") === sessionId;

const isNewer = (one: ThreadMapping, other: ThreadMapping): boolean =>
  one.updatedAtMs >= other.updatedAtMs;

/** An invalid entry of the same session is left alone: nobody knows what it means. */
const replaces = (mapping: ThreadMapping, old: unknown): boolean =>
  isOf(old, mapping.sessionId) && ThreadMapping.safeParse(old).success;

const unknownMembers = (entry: ThreadMapping | undefined): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(entry ?? {}).filter(([name]) => !Object.hasOwn(ThreadMapping.shape, name)),
  );

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "" : `${path}: `}${issue?.message ?? "not as expected"}`;
}
