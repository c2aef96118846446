import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { OwnModel } from "./arguments.ts";
import type { OpenCodeProcess } from "./opencode-process.ts";
import { PlaygroundProblem } from "./playground-problem.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const part = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

const xdg = (name: string, fallback: string): string =>
  join(process.env[name] || join(homedir(), fallback), "opencode");
const authFile = (): string => join(xdg("XDG_DATA_HOME", ".local/share"), "auth.json");
const modelsFile = (): string => join(xdg("XDG_CACHE_HOME", ".cache"), "models.json");

/** The names under which OpenCode looks for its settings; the later one wins. */
const CONFIG_FILES = ["config.json", "opencode.json", "opencode.jsonc"];

function readJsonc(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return Bun.JSONC.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new PlaygroundProblem(`${file} cannot be read: ${cause}. Mend it, then start again.`, {
      cause,
    });
  }
}

/** `{file:…}` is relative to the file that says so; the playground's own lies elsewhere. */
function withAbsoluteFiles(value: unknown, folder: string): unknown {
  const absolute = JSON.stringify(value).replace(/\{file:([^}]+)\}/g, (_whole, path: string) => {
    const from = path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(folder, path);
    return `{file:${from}}`;
  });
  return JSON.parse(absolute);
}

function providerSettings(provider: string): unknown {
  const folder = xdg("XDG_CONFIG_HOME", ".config");
  const settings = CONFIG_FILES.map((name) => {
    return part(part(readJsonc(join(folder, name)), "provider"), provider);
  });
  const merged = Object.assign({}, ...settings.filter(isObject));
  return withAbsoluteFiles(merged, folder);
}

/** What the playground's home decides by itself, and what must not reach a bridge that only plays. */
const OWN_VARIABLES =
  /^(?:HOME|TMPDIR|TERM|COLORTERM|XDG_.*|OPENCODE.*|MATTERMOST_.*|PLAYGROUND_.*|BUN_.*|GIT_.*)$/;

/**
 * What OpenCode needs to run the user's own model in a home of its own: that provider's settings, and the variables
 * that may hold its key. The user's other settings, plugins among them, stay out.
 */
export function ownModelSetting({ provider, name }: OwnModel): {
  readonly config: Record<string, unknown>;
  readonly env: Readonly<Record<string, string>>;
} {
  const variables = Object.entries(process.env).flatMap(([key, value]) =>
    value === undefined || OWN_VARIABLES.test(key) ? [] : [[key, value] as const],
  );
  const known = existsSync(modelsFile());
  return {
    config: {
      model: `${provider}/${name}`,
      small_model: undefined,
      enabled_providers: [provider],
      provider: { [provider]: providerSettings(provider) },
    },
    env: {
      ...Object.fromEntries(variables),
      // Some logins are plugins that come with OpenCode.
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "0",
      OPENCODE_DISABLE_MODELS_FETCH: known ? "1" : "0",
      ...(known ? { OPENCODE_MODELS_PATH: modelsFile() } : {}),
    },
  };
}

/**
 * Lends the user's login for this provider, before OpenCode first looks for it. A key is copied. A login that renews
 * itself is linked: renewed in a copy only, it would be dead in the user's own OpenCode.
 */
export function lendLogin({ provider }: OwnModel, home: string): void {
  const login = part(readJsonc(authFile()), provider);
  if (!isObject(login)) return;
  const target = join(home, ".local", "share", "opencode", "auth.json");
  mkdirSync(dirname(target), { recursive: true });
  if (login["type"] === "oauth") symlinkSync(authFile(), target);
  else writeFileSync(target, JSON.stringify({ [provider]: login }), { mode: 0o600 });
}

/** Rejects with what to do when OpenCode cannot use the model. */
export async function checkModel(
  { provider, name }: OwnModel,
  opencode: OpenCodeProcess,
): Promise<void> {
  const { data } = await opencode.client().config.providers();
  const found = data?.providers.find(({ id }) => id === provider);
  if (found === undefined) {
    throw new PlaygroundProblem(
      `Your OpenCode has no login or settings for the provider "${provider}". Log in with "npx opencode auth login", or set its key in the environment, then start again. Without --model a scripted model answers.`,
    );
  }
  if (found.models[name] !== undefined) return;
  const names = Object.keys(found.models).sort();
  const some = names.slice(0, 12).join(", ") + (names.length > 12 ? ", …" : "");
  throw new PlaygroundProblem(
    `The provider "${provider}" has no model "${name}". Take one of: ${some}. "npx opencode models ${provider}" lists them all.`,
  );
}
