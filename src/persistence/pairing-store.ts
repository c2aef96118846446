import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { asUserId } from "../models/ids.ts";
import type { PairingStore } from "../ports.ts";
import { readSmallFile, writeSmallFile } from "./small-file.ts";

/** By person. Earlier versions counted all together. */
const WrongTries = z
  .union([z.number(), z.record(z.string(), z.number())])
  .transform((tries) => (typeof tries === "number" ? {} : tries));
const Stored = z.object({
  owner: z.string().optional(),
  open: z.object({ code: z.string(), wrongTries: WrongTries, sinceMs: z.number() }).optional(),
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
    place: path,
    owner() {
      const { owner } = read();
      return owner === undefined ? undefined : asUserId(owner);
    },
    setOwner: (owner) => write({ owner }),
    open: () => read().open,
    begin: (code, sinceMs) => write({ open: { code, wrongTries: {}, sinceMs } }),
    countWrongTry(person) {
      const { open } = read();
      if (!open) return;
      const tries = (open.wrongTries[person] ?? 0) + 1;
      write({ open: { ...open, wrongTries: { ...open.wrongTries, [person]: tries } } });
    },
    end: () => write({}),
  };
}
