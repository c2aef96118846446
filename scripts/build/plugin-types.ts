import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The types of what the plugin exports, made by the compiler. They stand alone: nothing of this repository comes with them. */
export function pluginTypes(): string {
  const out = mkdtempSync(join(tmpdir(), "plugin-types-"));
  try {
    const only = ["--noEmit", "false", "--noCheck", "--declaration", "--emitDeclarationOnly"];
    const flags = [...only, "--outDir", out];
    const { exitCode, stdout, stderr } = Bun.spawnSync(["node_modules/.bin/tsc", ...flags]);
    if (exitCode !== 0) throw new Error(`The types cannot be made:\n${stdout}${stderr}`);
    const types = readFileSync(join(out, "src/index.d.ts"), "utf8");
    if (/from "\./.test(types)) {
      throw new Error(`What src/index.ts exports has a type of this repository:\n${types}`);
    }
    return types;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
