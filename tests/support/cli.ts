import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type Ran, run } from "./installed-package.ts";

/** The command line from source. */
const SOURCE = [process.execPath, new URL("../../src/cli/main.ts", import.meta.url).pathname];

/** Where tools of the checkout are out of sight, the OpenCode among them. */
const PATH_WITHOUT_OPENCODE = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .join(delimiter);

/** A person's home, in which nothing is but what a test puts there. */
export interface CliHome {
  readonly path: string;
  run(
    args: readonly string[],
    options?: { readonly env?: Readonly<Record<string, string>>; readonly input?: string },
  ): Promise<Ran>;
  remove(): void;
}

/** `command`: what is run in place of the source. */
export function openCliHome(command: readonly string[] = SOURCE): CliHome {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "cli-home-")));
  return {
    path,
    run: (args, { env = {}, input = "" } = {}) =>
      run([...command, ...args], {
        cwd: path,
        env: { PATH: PATH_WITHOUT_OPENCODE, HOME: path, ...env },
        input,
      }),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
