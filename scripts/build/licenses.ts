import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().default("see its text"),
});

/** The licences of the packages in these folders, each with its text where the package has one. */
export function licensesOf(folders: ReadonlySet<string>): string {
  const entries = [...folders].map((folder) => {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    return `${manifest.name} ${manifest.version} (${manifest.license})\n${text}`;
  });
  const line = `\n${"-".repeat(80)}\n\n`;
  return `The files of this folder contain these packages.\n${line}${[...new Set(entries)].sort().join(line)}`;
}
