import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { asUserId } from "../models/ids.ts";
import type { PairingStore } from "../ports.ts";
import { readSmallFile, writeSmallFile } from "./small-file.ts";

const Stored = z.object({
  owner: z.string().optional(),
  open: z.object({ code: z.string(), wrongTries: z.number(), sinceMs: z.number() }).optional(),
});
type Stored = z.infer<typeof Stored>;

/** Who the bot was paired with, and the pairing that is open, in one small file, for its user's eyes only. Only the leader writes it. */
export function createPairingStore(path: string): PairingStore {
  const read = (): Stored => {
    try {
      return Stored.safeParse(JSON.parse(readSmallFile(path) ?? "{}")).data ?? {};
    } catch {
      return {};
    }
  };
  const write = (stored: Stored): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeSmallFile(path, `${JSON.stringify(stored, undefined, 2)}\n`);
  };
  return {
    owner() {
      const { owner } = read();
      return owner === undefined ? undefined : asUserId(owner);
    },
    setOwner: (owner) => write({ owner }),
    open: () => read().open,
    begin: (code, sinceMs) => write({ open: { code, wrongTries: 0, sinceMs } }),
    countWrongTry() {
      const { open } = read();
      if (open) write({ open: { ...open, wrongTries: open.wrongTries + 1 } });
    },
    end: () => write({}),
  };
}
