import { dirname } from "node:path";
import { type Finding, found } from "../findings/finding.ts";
import { tryToLoad } from "../host/load-test.ts";
import type { OpenCodeProgram } from "../host/program.ts";
import type { Env } from "../settings/env.ts";
import type { StoredSettings } from "../settings/stored-settings.ts";

/** The versions that the bridge is tested with. */
const TESTED = "1.18.33 and 2.0.14";

export function checkOpenCode(program: OpenCodeProgram | undefined): Finding {
  if (program === undefined) return found("opencode.none");
  const { version, path, major } = program;
  return found(major === 1 || major === 2 ? "opencode.ok" : "opencode.other", {
    version,
    path,
    tested: TESTED,
  });
}

/** Whether OpenCode finds the plugin, and whether it loads it: tried, because OpenCode says nothing where it does not. */
export async function checkPlugin(
  program: OpenCodeProgram | undefined,
  { file, line }: StoredSettings,
  env: Env,
): Promise<Finding> {
  if (file === undefined || line === undefined) return found("plugin.none");
  const facts = { spec: line.spec, path: file.path };
  if (program === undefined) return found("plugin.named", facts);
  const spec = line.spec.startsWith(".") ? `${dirname(file.path)}/${line.spec}` : line.spec;
  const loaded = await tryToLoad(program, spec, env);
  if (loaded.kind === "loaded") return found("plugin.ok", facts);
  return found(`plugin.${loaded.kind}`, { ...facts, reason: loaded.reason });
}
