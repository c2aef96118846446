import type { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { StoreError } from "../errors.ts";
import { codeOf, ioFailure } from "./io-failure.ts";

/*
 * SQLite brings what Node's and Bun's file API lack: locks that belong to the process in the kernel, so that they end with it.
 * The database stays an empty file. A holder has an exclusive transaction open and never commits it; who only looks reads.
 */

/** `busy`: somebody else is at it. `missing`: there is no such file. */
export type Opened =
  | { readonly kind: "locked"; readonly database: Database }
  | { readonly kind: "busy" }
  | { readonly kind: "missing" };

/**
 * Takes the lock of an existing file, or says why not. Who waits has a place in the queue already: newcomers, those who only
 * look included, come after it. Waiting blocks the process.
 */
export function openLocked(path: string, waitMs: number): Opened {
  const wasThere = existsSync(path);
  let database: Database | undefined;
  try {
    database = open(path, { readwrite: true, create: false });
    database.run(`PRAGMA busy_timeout = ${waitMs}`);
    // Without it, the transaction would put a journal file beside the lock.
    database.run("PRAGMA journal_mode = MEMORY");
    database.run("BEGIN EXCLUSIVE");
    return { kind: "locked", database };
  } catch (error) {
    database?.close(true);
    return refusal(path, wasThere, error);
  }
}

export function closeLocked(database: Database): void {
  try {
    database.run("ROLLBACK");
  } finally {
    database.close(true);
  }
}

/** Whether somebody has the lock. Only reads: it never stands in for a holder, not even for a moment. */
export function isLocked(path: string): boolean {
  const wasThere = existsSync(path);
  let database: Database | undefined;
  try {
    database = open(path, { readonly: true });
    database.run("SELECT 1 FROM sqlite_master");
    return false;
  } catch (error) {
    return refusal(path, wasThere, error).kind === "busy";
  } finally {
    database?.close(true);
  }
}

// Loaded on first use: the module that imports this one can then be read by other runtimes too.
function open(path: string, options: { readwrite?: true; create?: false; readonly?: true }) {
  const load = createRequire(import.meta.url);
  const sqlite: typeof import("bun:sqlite") = load("bun:sqlite");
  return new sqlite.Database(path, options);
}

function refusal(path: string, wasThere: boolean, error: unknown): { kind: "busy" | "missing" } {
  const code = codeOf(error);
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return { kind: "busy" };
  // Looked at before and after: it may have come or gone meanwhile.
  const isThere = wasThere && existsSync(path);
  if (code === "SQLITE_CANTOPEN" && !isThere) return { kind: "missing" };
  throw failure(path, code, error);
}

function failure(path: string, code: string, cause: unknown): StoreError {
  if (code === "SQLITE_NOTADB" || code === "SQLITE_CORRUPT") {
    const message = `${path} should be an empty lock file and is something else. Delete it.`;
    return new StoreError(message, { kind: "io", cause });
  }
  if (code.startsWith("SQLITE_")) {
    const message =
      `The lock file ${path} cannot be used (${code}). ` +
      "Make sure that it is a file on a local disk and that you may write it, or delete it.";
    return new StoreError(message, { kind: "io", cause });
  }
  return ioFailure(`The lock file ${path} cannot be used`, cause);
}
