import { z } from "zod";

/** What settings may be, as an option or as words of the environment. */

const TRUE = ["1", "true", "yes", "on"];
const FALSE = ["0", "false", "no", "off"];

/** Yes or no, or one of the words for it. */
export const flag = z.union([
  z.boolean(),
  z
    .string()
    .toLowerCase()
    .refine((word) => TRUE.includes(word) || FALSE.includes(word))
    .transform((word) => TRUE.includes(word)),
]);
/** A number, or one written as a word of the environment. */
const amount = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);
export const count = (max: number) => amount.pipe(z.number().positive().max(max));
export const wholeCount = (max: number) => amount.pipe(z.number().int().positive().max(max));
export const text = z.string().trim().min(1);

/** As a list, or in the environment separated by commas or colons. */
export const folders = z
  .union([z.array(z.string()), z.string().transform((all) => all.split(/[,:]/))])
  .transform((all) => all.map((folder) => folder.trim()).filter(Boolean))
  .pipe(z.array(z.string().regex(/^(?:\/|~(?:\/|$))/)));

/** Paths are put behind it, so nothing else may be in it; a name and password would get into the log. */
export function isServerAddress(address: string): boolean {
  if (!/^https?:\/\/[^/\s]/i.test(address) || !URL.canParse(address)) return false;
  const { username, password, search, hash } = new URL(address);
  // A "?" or "#" with nothing behind it shows in neither, and would still cut off the paths.
  return username + password + search + hash === "" && !/[?#]/.test(address);
}
