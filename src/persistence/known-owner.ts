import { z } from "zod";
import { StoreError } from "../errors.ts";
import { asUserId } from "../models/ids.ts";
import type { KnownOwner } from "../ports.ts";
import { readSmallFile, writeSmallFile } from "./small-file.ts";

const Id = z.string().regex(/^[a-z0-9]{1,64}$/);

/** Kept in a file of one line, whose folder is there. */
export function createKnownOwner(path: string): KnownOwner {
  return {
    place: path,
    id() {
      const text = readSmallFile(path)?.trim();
      if (text === undefined) return undefined;
      const id = Id.safeParse(text).data;
      if (id !== undefined) return asUserId(id);
      throw new StoreError(
        `${path} should hold the user id of the owner, and holds something else. Remove it.`,
        {
          kind: "io",
        },
      );
    },
    remember: (id) => writeSmallFile(path, `${id}\n`),
  };
}
