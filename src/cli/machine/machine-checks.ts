import { isAbsolute, join } from "node:path";
import { storagePaths } from "../../persistence/paths.ts";
import type { Finding } from "../findings/finding.ts";
import { findOpenCode } from "../host/program.ts";
import type { Env } from "../settings/env.ts";
import type { StoredSettings } from "../settings/stored-settings.ts";
import { checkLocks } from "./locks.ts";
import { checkMappings } from "./mappings.ts";
import { checkOpenCode, checkPlugin } from "./opencode.ts";
import { checkRecentErrors } from "./recent-errors.ts";

export { checkOpenCode } from "./opencode.ts";

/** Everything on this machine, each finding told as it comes. */
export async function checkMachine(
  about: {
    readonly env: Env;
    readonly home: string;
    readonly stored: StoredSettings;
    /** The OpenCode to look at; without it, the one on the `PATH`. */
    readonly openCode: string | undefined;
    readonly nowMs: number;
  },
  tell: (finding: Finding) => void,
): Promise<void> {
  const { env, home, stored, openCode, nowMs } = about;
  const program = findOpenCode(openCode, env);
  tell(checkOpenCode(program));
  tell(await checkPlugin(program, stored, env));
  const paths = storagePaths(env, home);
  tell(checkMappings(paths.mappings));
  for (const finding of checkLocks(paths.state, nowMs)) tell(finding);
  const set = env["XDG_DATA_HOME"];
  const data = set !== undefined && isAbsolute(set) ? set : join(home, ".local", "share");
  const logs = { openCode: join(data, "opencode", "log"), own: paths.log };
  tell(checkRecentErrors(logs, nowMs));
}
