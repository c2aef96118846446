import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { realpath, rename, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, StoreError } from "../errors.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
import type { Logger, MappingStore } from "../ports.ts";
import { removeLeftovers, type WritingFs, writeFileAtomically } from "./atomic-file.ts";
import { createFileLock, type Waiting } from "./file-lock.ts";
import { ioFailure, isMissing } from "./io-failure.ts";
import {
  cursorIn,
  EMPTY,
  findEntry,
  type MappingsDocument,
  type Parsed,
  parseDocument,
  type ReadEntries,
  readEntries,
  serialize,
  withCursor,
  withEntry,
  withoutEntries,
} from "./mappings-document.ts";
import { notRegular } from "./small-file.ts";

/** A temporary file of this age has no writer any more. */
const LEFTOVER_AGE_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 100;
const MOST_LOOKS = 20;

/**
 * The mappings in one JSON file, shared by every process of this user; `<path>.lock` orders the writers. A file of a newer
 * version is never touched: it reads as empty, and changes are rejected. Where the file cannot even be opened (permission,
 * disk), `load` rejects with `StoreError` too: what nobody could look at is not set aside.
 */
export function createThreadMappingStore(options: {
  readonly path: string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly waiting?: Waiting;
  readonly fs?: WritingFs;
  /** Between two looks at a file that cannot be read; 100 ms by default. */
  readonly pause?: () => Promise<void>;
  /** Takes secrets out of what is written: a title may hold one. */
  readonly redact?: (text: string) => string;
}): MappingStore {
  const { path, logger, now, waiting, fs, pause = () => sleep(LOOK_AGAIN_MS) } = options;
  const { redact = (text: string) => text } = options;
  const lock = createFileLock({ path: `${path}.lock`, ...(waiting && { waiting }) });
  const sayOnce = onceEach((message) => logger.warn(message));
  let last: { readonly bytes: Buffer; readonly parsed: Parsed } | undefined;
  let entries: { readonly of: MappingsDocument; readonly read: ReadEntries } | undefined;
  let swept = false;

  /** Always the file's own bytes, never its times: those can be equal for two changes in a row. Parsed only when new. */
  async function read(): Promise<Parsed> {
    const bytes = readIfThere(path);
    if (bytes === undefined) return { kind: "readable", document: EMPTY };
    if (!last?.bytes.equals(bytes)) last = { bytes, parsed: parseDocument(bytes) };
    return last.parsed;
  }

  /** An editor that a person saves with may be in the middle of writing: what changes between two looks is not judged. */
  async function readWhole(): Promise<Parsed> {
    for (let looks = 1; ; looks++) {
      const parsed = await read();
      if (parsed.kind !== "unreadable" || looks === MOST_LOOKS) return parsed;
      const seen = last;
      await pause();
      if ((await read()) === parsed && last === seen) return parsed;
    }
  }

  /** Under the lock: what a change is made to. */
  async function readForChange(): Promise<MappingsDocument> {
    const parsed = await readWhole();
    if (parsed.kind === "readable") return parsed.document;
    if (parsed.kind === "newer") throw tooNew(path, parsed.version);
    await setAside(parsed.reason);
    return EMPTY;
  }

  async function setAside(reason: string): Promise<void> {
    const aside = await freeName(`${path}.unreadable-${dateForName(now())}`);
    try {
      await rename(path, aside);
    } catch (error) {
      throw ioFailure(`${path} cannot be read (${reason}) and cannot be set aside`, error);
    }
    logger.warn(
      `${path} cannot be read: ${reason}. It is kept as ${aside}, and a new file begins. Threads are found again by ` +
        "their root posts; delete the old file when nothing is missing.",
    );
  }

  async function write(document: MappingsDocument): Promise<void> {
    // Where the file is a link (to a folder of dotfiles, say) the link stays and what it names is replaced.
    const target = await realpath(path).catch(() => path);
    if (!swept) {
      swept = true;
      await removeLeftovers(target, now() - LEFTOVER_AGE_MS);
    }
    const text = redact(serialize(document));
    await writeFileAtomically(target, text, fs);
    last = { bytes: Buffer.from(text), parsed: { kind: "readable", document } };
  }

  async function change(edit: (document: MappingsDocument) => MappingsDocument): Promise<void> {
    await lock.run(async () => {
      const before = await readForChange();
      const after = edit(before);
      if (after !== before) await write(after);
    });
  }

  function entriesOf(document: MappingsDocument): ReadEntries {
    if (entries?.of !== document) entries = { of: document, read: readEntries(document) };
    return entries.read;
  }

  async function readOrSetAside(): Promise<MappingsDocument> {
    const parsed = await read();
    if (parsed.kind === "readable") return parsed.document;
    try {
      return await lock.run(readForChange);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      sayOnce(messageOf(error));
      return EMPTY;
    }
  }

  return {
    async load() {
      const { mappings, problems } = entriesOf(await readOrSetAside());
      for (const problem of problems) {
        sayOnce(`An entry of ${path} cannot be read and is left as it is. ${problem}`);
      }
      return mappings;
    },

    async update(sessionId, changeEntry) {
      let result: ThreadMapping | undefined;
      await change((document) => {
        const stored = findEntry(document, sessionId);
        const wanted = changeEntry(stored);
        result = wanted ?? stored;
        if (wanted === undefined || wanted === stored) return document;
        if (wanted.sessionId !== sessionId) {
          throw new TypeError(`A change to ${sessionId} returned the entry of another session.`);
        }
        const after = withEntry(document, wanted);
        result = findEntry(after, sessionId);
        return after;
      });
      return result;
    },

    async prune(isOver) {
      let removed = 0;
      await change((document) => {
        const pruned = withoutEntries(document, isOver);
        removed = pruned.removed;
        return pruned.document;
      });
      return removed;
    },

    async cursor(channelId) {
      return cursorIn(await readOrSetAside(), channelId);
    },

    moveCursor: (channelId, to) => change((document) => withCursor(document, channelId, to)),
  };
}

/** At once: a file that was just written is read faster than a thread is found to read it, and the lock is held meanwhile. */
function readIfThere(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    // Without waiting: a pipe that nobody writes to would be read for ever.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!fstatSync(file).isFile()) throw notRegular(path);
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw ioFailure(`${path} cannot be read`, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function tooNew(path: string, version: number): StoreError {
  const message =
    `${path} was written by a newer opencode-mattermost (file version ${version}) and is left untouched. ` +
    "Update the plugin in this OpenCode and restart it.";
  return new StoreError(message, { kind: "newer-version" });
}

const dateForName = (nowMs: number): string =>
  new Date(nowMs).toISOString().slice(0, 19).replaceAll(":", "-");

/** Under the lock: no one else takes it in between. */
async function freeName(name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    const taken = await stat(candidate).catch(() => undefined);
    if (taken === undefined) return candidate;
  }
}

function onceEach(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    say(message);
  };
}
