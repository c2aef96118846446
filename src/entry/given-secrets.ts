/** The secrets that options have given to this process last, each for what it is for: OpenCode may evaluate this module for each directory. */
const GIVEN = Symbol.for("opencode-mattermost/given-secrets");

type Members = Readonly<Record<string, unknown>>;

/**
 * OpenCode reads its configuration for each directory anew, and finds no more what an earlier directory's start took out of the
 * environment: `{env:…}` is empty then. What is empty is as it was given last. Never one secret in the place of another.
 */
export function withGivenSecrets(options: unknown): unknown {
  if (!isObject(options)) return options;
  const { transcription } = options;
  const token = asGiven("token", options["token"]);
  if (!isObject(transcription)) return { ...options, ...token };
  const key = asGiven("key", transcription["key"]);
  return { ...options, ...token, transcription: { ...transcription, ...key } };
}

function asGiven(name: string, value: unknown): Members {
  const given = givenToProcess();
  if (typeof value === "string" && value !== "") given.set(name, value);
  const known = given.get(name);
  return value === "" && known !== undefined ? { [name]: known } : {};
}

function givenToProcess(): Map<string, string> {
  const known: unknown = Reflect.get(globalThis, GIVEN);
  if (known instanceof Map) return known;
  const made = new Map<string, string>();
  Reflect.set(globalThis, GIVEN, made);
  return made;
}

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
