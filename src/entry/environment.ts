/** A program's environment, or this process's. */
type Environment = Record<string, string | undefined>;

/**
 * Keeps the variables that hold a secret from every program that is started from now on: shells, MCP servers, formatters. By its
 * name each can still be read in this process, so that a plugin loaded anew and `{env:…}` in a configuration find it. Returns
 * their names: a terminal gets what the operating system knows of this process, and has to be told that they are empty.
 */
export function hideFromPrograms(
  env: Environment,
  holdsSecret: (value: string) => boolean,
): readonly string[] {
  const names = Object.getOwnPropertyNames(env).filter((name) => holdsSecret(env[name] ?? ""));
  for (const name of names) {
    const hidden = { value: env[name], enumerable: false, configurable: true, writable: true };
    Object.defineProperty(env, name, hidden);
  }
  return names;
}
