import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The types of what the plugin exports, made by the compiler. They stand alone: nothing of this repository comes with them. */
export function pluginTypes(): string {
  const place = mkdtempSync(join(tmpdir(), "plugin-types-"));
  try {
    const project = join(place, "tsconfig.json");
    writeFileSync(project, JSON.stringify(onlyTypes(place)));
    const { exitCode, stdout, stderr } = Bun.spawnSync(["node_modules/.bin/tsc", "-p", project]);
    if (exitCode !== 0) throw new Error(`The types cannot be made:\n${stdout}${stderr}`);
    const types = readFileSync(join(place, "src/index.d.ts"), "utf8");
    if (/from "\./.test(types)) {
      throw new Error(`What src/index.ts exports has a type of this repository:\n${types}`);
    }
    return types;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The repository's own settings for this one file: building is no checking. */
const onlyTypes = (outDir: string) => ({
  extends: resolve("tsconfig.json"),
  include: [],
  files: [resolve("src/index.ts")],
  compilerOptions: {
    noEmit: false,
    noCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: resolve("."),
    typeRoots: [resolve("node_modules/@types")],
    outDir,
  },
});
