import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** npm puts a small launcher here when install scripts are off; the program itself is far larger. */
const LAUNCHER_BYTES = 1_000_000;

export const isProgram = (path: string): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LAUNCHER_BYTES;

/** The OpenCode program of the npm package `opencode-ai`, as a file of this folder would find that; `undefined` where there is none. */
export function openCodeBeside(folder: string): string | undefined {
  const manifest = resolved("opencode-ai/package.json", folder);
  if (manifest === undefined) return undefined;
  const home = dirname(manifest);
  const platform = `opencode-${process.platform}-${process.arch}`;
  const candidates = [
    join(home, "bin", "opencode.exe"),
    ...["", "-baseline", "-musl", "-baseline-musl"].map((suffix) =>
      join(home, "..", `${platform}${suffix}`, "bin", "opencode"),
    ),
  ];
  return candidates.find(isProgram);
}

function resolved(name: string, folder: string): string | undefined {
  try {
    return createRequire(join(folder, "from-here.js")).resolve(name);
  } catch {
    return undefined;
  }
}

/** An OpenCode to run: directly, so that its process id is the one we hold. */
export interface OpenCodeProgram {
  readonly path: string;
  /** What it calls its folders of settings and of data. */
  readonly folder: string;
}

/** The OpenCode that the playground runs. */
export function openCode(): OpenCodeProgram {
  const path =
    process.env["PLAYGROUND_OPENCODE"] ?? openCodeBeside(dirname(fileURLToPath(import.meta.url)));
  if (path) return { path, folder: "opencode" };
  throw new Error(
    `OpenCode is not installed for ${process.platform}-${process.arch}. Run "npm ci" in this checkout.`,
  );
}
