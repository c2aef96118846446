/** A program's environment, or this process's. */
type Environment = Record<string, string | undefined>;

/** What had to be taken out of this process's environment: OpenCode may evaluate this module once per directory. */
const TAKEN_OUT = Symbol.for("opencode-mattermost/environment");

/**
 * Keeps the variables that hold a secret from every program that is started from now on: shells, MCP servers, formatters. By its
 * name each can still be read in this process, so that a plugin loaded anew and `{env:…}` in a configuration find it, unless its
 * runtime hides no variable: then they are taken out, and only `environmentOf` finds them. Returns their names: a terminal gets
 * what the operating system knows of this process, and has to be told that they are empty.
 */
export function hideFromPrograms(
  env: Environment,
  holdsSecret: (value: string) => boolean,
): readonly string[] {
  const names = Object.getOwnPropertyNames(env).filter((name) => holdsSecret(env[name] ?? ""));
  for (const name of names) {
    const hidden = { value: env[name], enumerable: false, configurable: true, writable: true };
    if (define(env, name, hidden)) continue;
    takenOut().set(name, env[name] ?? "");
    delete env[name];
  }
  return names;
}

/** With what was hidden and what was taken out. */
export const environmentOf = (env: Environment): Environment => ({
  ...Object.fromEntries(takenOut()),
  ...Object.fromEntries(Object.getOwnPropertyNames(env).map((name) => [name, env[name]])),
});

function define(env: Environment, name: string, hidden: PropertyDescriptor): boolean {
  try {
    return Reflect.defineProperty(env, name, hidden);
  } catch {
    return false;
  }
}

function takenOut(): Map<string, string> {
  const known: unknown = Reflect.get(globalThis, TAKEN_OUT);
  if (known instanceof Map) return known;
  const made = new Map<string, string>();
  Reflect.set(globalThis, TAKEN_OUT, made);
  return made;
}
