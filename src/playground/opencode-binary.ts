import { statSync } from "node:fs";
import { dirname, join } from "node:path";

/** npm puts a small launcher here when install scripts are off; the program itself is far larger. */
const LAUNCHER_BYTES = 1_000_000;

const isProgram = (path: string): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LAUNCHER_BYTES;

/** The OpenCode program of the npm package `opencode-ai`: run directly, so that its process id is the one we hold. */
export function openCodeBinary(): string {
  const home = dirname(Bun.resolveSync("opencode-ai/package.json", import.meta.dir));
  const platform = `opencode-${process.platform}-${process.arch}`;
  const candidates = [
    join(home, "bin", "opencode.exe"),
    ...["", "-baseline", "-musl", "-baseline-musl"].map((suffix) =>
      join(home, "..", `${platform}${suffix}`, "bin", "opencode"),
    ),
  ];
  const found = candidates.find(isProgram);
  if (found) return found;
  throw new Error(
    `OpenCode is not installed for ${process.platform}-${process.arch}. Run "npm ci" in this checkout.`,
  );
}
