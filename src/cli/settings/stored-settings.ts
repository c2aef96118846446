import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ConfigFile, globalConfigFiles, projectConfigFile } from "./config-file.ts";
import type { Env } from "./env.ts";
import type { PluginLine } from "./plugin-line.ts";

/** What OpenCode would give the plugin. */
export interface StoredSettings {
  /** The file that names the plugin; `undefined` where none does. */
  readonly file: ConfigFile | undefined;
  readonly line: PluginLine | undefined;
  /** With `{env:…}` and `{file:…}` replaced. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Files that a setting names and that cannot be read. */
  readonly missing: readonly string[];
  /** A file of the configuration that cannot be read. */
  readonly unreadable: { readonly path: string; readonly reason: string } | undefined;
}

/** As OpenCode reads it: a project's configuration wins over the user's own. */
export function readStoredSettings(env: Env, home: string, directory: string): StoredSettings {
  const [global] = globalConfigFiles(env, home);
  const file = [projectConfigFile(directory), global].find(
    (each) => each?.content.kind === "read" && each.content.line,
  );
  const unreadable =
    global?.content.kind === "unreadable"
      ? { path: global.path, reason: global.content.reason }
      : undefined;
  const line = file?.content.kind === "read" ? file.content.line : undefined;
  const missing: string[] = [];
  const from = dirname(file?.path ?? home);
  const options = Object.fromEntries(
    Object.entries(line?.options ?? {}).map(([name, value]) => [
      name,
      typeof value === "string" ? substituted(value, { env, home, from, missing }) : value,
    ]),
  );
  return { file, line, options, missing, unreadable };
}

function substituted(
  value: string,
  about: {
    readonly env: Env;
    readonly home: string;
    readonly from: string;
    readonly missing: string[];
  },
): string {
  const { env, home, from, missing } = about;
  return value
    .replace(/\{env:([^}]+)\}/g, (_whole, name: string) => env[name] ?? "")
    .replace(/\{file:([^}]+)\}/g, (_whole, named: string) => {
      const path = named.startsWith("~/") ? join(home, named.slice(2)) : resolve(from, named);
      try {
        return readFileSync(path, "utf8").trim();
      } catch {
        missing.push(path);
        return "";
      }
    });
}
