import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomically } from "../../persistence/atomic-file.ts";
import type { Env } from "./env.ts";
import { type PluginLine, type ReadConfig, readPluginLine, withPluginLine } from "./plugin-line.ts";

export const PACKAGE = "opencode-mattermost";

/** One file of OpenCode's configuration as it is now. */
export interface ConfigFile {
  readonly path: string;
  /** Empty where it is not there yet. */
  readonly text: string;
  readonly content: ReadConfig;
}

/** OpenCode's own folder, and that of a build of OpenCode 2 that has another one beside it. */
const FOLDERS = ["opencode", "shuvcode"];
/** The later one wins where several name the same. */
const NAMES = ["config.json", "opencode.json", "opencode.jsonc"];
/** A new line goes into the first that is there; one of this name is made where none is. */
const PREFERRED = ["opencode.jsonc", "opencode.json"];
const NEW_NAME = "opencode.json";

/** The file of each host's folder that the plugin's line is in, or belongs into. OpenCode's own folder need not be there yet. */
export function globalConfigFiles(env: Env, home: string): readonly ConfigFile[] {
  const set = env["XDG_CONFIG_HOME"];
  const base = set !== undefined && isAbsolute(set) ? set : join(home, ".config");
  return FOLDERS.flatMap((name, at) => {
    const folder = join(base, name);
    return at === 0 || existsSync(folder) ? [fileOf(folder)] : [];
  });
}

function fileOf(folder: string): ConfigFile {
  const there = NAMES.map((name) => join(folder, name))
    .filter(existsSync)
    .map(readConfig);
  const bad = there.find(({ content }) => content.kind === "unreadable");
  const named = there.findLast(({ content }) => content.kind === "read" && content.line);
  const preferred = PREFERRED.map((name) => join(folder, name)).find(existsSync);
  return bad ?? named ?? readConfig(preferred ?? join(folder, NEW_NAME));
}

/** The configuration of a project, from `directory` up to the root: the nearest file that names the plugin. */
export function projectConfigFile(directory: string): ConfigFile | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const names = PREFERRED.flatMap((name) => [name, join(".opencode", name)]);
    const files = names
      .map((name) => join(folder, name))
      .filter(existsSync)
      .map(readConfig);
    const named = files.find(({ content }) => content.kind === "read" && content.line);
    if (named || folder === dirname(folder)) return named;
  }
}

function readConfig(path: string): ConfigFile {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return { path, text, content: readPluginLine(text, (spec) => isOurs(spec, dirname(path))) };
}

/** By its name, or a folder that is called so or whose package is. */
function isOurs(spec: string, from: string): boolean {
  if (spec === PACKAGE || spec.startsWith(`${PACKAGE}@`)) return true;
  const folder = folderOf(spec, from);
  if (folder === undefined) return false;
  if (basename(folder) === PACKAGE) return true;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return Object(manifest).name === PACKAGE;
  } catch {
    return false;
  }
}

/** The folder that a line names; `undefined` where it names a package. */
function folderOf(spec: string, from: string): string | undefined {
  if (spec.startsWith("file://")) return URL.canParse(spec) ? fileURLToPath(spec) : undefined;
  if (isAbsolute(spec)) return spec;
  return spec.startsWith(".") ? resolve(from, spec) : undefined;
}

/** Names the plugin in the file; `false` where that is so already. A link stays a link, and the file's mode as it was. */
export async function writePluginLine(
  { path, text }: ConfigFile,
  line: PluginLine | undefined,
  wanted: { readonly spec: string; readonly options: Readonly<Record<string, unknown>> },
): Promise<boolean> {
  const after = withPluginLine(text, line, wanted);
  if (after === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  const target = existsSync(path) ? realpathSync(path) : path;
  const mode = statSync(target, { throwIfNoEntry: false })?.mode ?? 0o644;
  await writeFileAtomically(target, after);
  chmodSync(target, mode);
  return true;
}
