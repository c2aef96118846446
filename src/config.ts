import { z } from "zod";
import type { Verbosity } from "./models/desired-post.ts";
import {
  count,
  flag,
  folders,
  isServerAddress,
  text,
  wholeCount,
} from "./models/setting-values.ts";

/** Everything that can be set. Options of the plugin win over environment variables. */
export interface Config {
  readonly url: string;
  readonly token: string;
  /** Mattermost username (without @) or user id of the one person who may use the bot. */
  readonly owner: string | undefined;
  readonly verbosity: Verbosity;
  /** Whether the bot's custom status shows the worst state of its sessions. */
  readonly customStatus: boolean;
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Ended mappings are dropped after so many days. */
  readonly keepEndedDays: number;
  readonly maxFileBytes: number;
  /** Which sessions get threads by themselves; those that begin in Mattermost always have one. */
  readonly sessions: "all" | "interactive" | "none";
  /** Folders whose sub-folders are projects. */
  readonly projectRoots: readonly string[];
  /** Voice to text; absent where no service is set. */
  readonly transcription?: TranscriptionConfig | undefined;
}

interface TranscriptionConfig {
  readonly url: string;
  readonly key?: string | undefined;
  readonly model: string;
}

/** `off`: nothing is configured. `wrong`: one line for every problem, each with what to do. */
export type ConfigResult =
  | { readonly kind: "ok"; readonly config: Config; readonly given: readonly string[] }
  | { readonly kind: "off"; readonly missing: readonly string[] }
  | { readonly kind: "wrong"; readonly problems: readonly string[] };

type Env = Readonly<Record<string, string | undefined>>;

interface Setting {
  /** The variable; for a setting of several members one for each. */
  readonly env: string | Readonly<Record<string, string>>;
  readonly schema: z.ZodType;
  readonly hint: string;
}

const Transcription = z.strictObject({
  url: text.refine(isServerAddress).transform((url) => url.replace(/\/+$/, "")),
  key: text.refine((key) => !/\s/.test(key)).optional(),
  model: text.default("whisper-1"),
});

const SETTINGS = {
  url: {
    env: "MATTERMOST_URL",
    schema: text.refine(isServerAddress),
    hint: 'the address of your Mattermost server alone, such as "https://chat.example.com": without a name, a password, and what begins with "?" or "#"',
  },
  token: {
    env: "MATTERMOST_TOKEN",
    schema: text.refine((token) => !/\s/.test(token)),
    hint: "the bot account's access token (Integrations → Bot Accounts), without spaces",
  },
  owner: {
    env: "MATTERMOST_OWNER",
    schema: text.transform((name) => name.replace(/^@/, "")).pipe(z.string().regex(/^[\w.-]+$/)),
    hint: "your Mattermost username or user id",
  },
  verbosity: {
    env: "MATTERMOST_VERBOSITY",
    schema: z.enum(["quiet", "normal", "verbose"]),
    hint: '"quiet", "normal" or "verbose"',
  },
  customStatus: { env: "MATTERMOST_CUSTOM_STATUS", schema: flag, hint: "true or false" },
  allowInsecure: { env: "MATTERMOST_ALLOW_INSECURE", schema: flag, hint: "true or false" },
  requestsPerSecond: {
    env: "MATTERMOST_REQUESTS_PER_SECOND",
    schema: count(1000),
    hint: "a number above 0, such as 8",
  },
  requestBurst: {
    env: "MATTERMOST_REQUEST_BURST",
    schema: wholeCount(10_000),
    hint: "a whole number above 0, such as 16",
  },
  keepEndedDays: {
    env: "MATTERMOST_KEEP_ENDED_DAYS",
    schema: count(3650),
    hint: "a number of days above 0, such as 30",
  },
  maxFileBytes: {
    env: "MATTERMOST_MAX_FILE_BYTES",
    schema: wholeCount(1024 ** 3),
    hint: "a number of bytes above 0",
  },
  sessions: {
    env: "MATTERMOST_SESSIONS",
    schema: z.enum(["all", "interactive", "none"]),
    hint: '"all", "interactive" or "none"',
  },
  projectRoots: {
    env: "MATTERMOST_PROJECT_ROOTS",
    schema: folders,
    hint: 'folders that have projects in them, from "/" or "~" on, such as ["~/code"]',
  },
  transcription: {
    env: {
      url: "MATTERMOST_TRANSCRIPTION_URL",
      key: "MATTERMOST_TRANSCRIPTION_KEY",
      model: "MATTERMOST_TRANSCRIPTION_MODEL",
    },
    schema: Transcription,
    hint: 'the service that turns voice into text: its "url", such as "https://api.openai.com/v1", its "key" where it wants one, and its "model"',
  },
} satisfies Record<string, Setting>;

type Name = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS).filter((name): name is Name => Object.hasOwn(SETTINGS, name));

/** The tokens and keys that are given, right or wrong: what must not be shown. */
export const tokensIn = (options: unknown, env: Env): readonly string[] =>
  [
    memberOf(options, "token"),
    env[SETTINGS.token.env],
    memberOf(memberOf(options, "transcription"), "key"),
    env[SETTINGS.transcription.env.key],
  ].flatMap((given) => (typeof given === "string" ? given : []));

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

/** Pure: reads the options and the environment, and reports every problem at once. */
export function loadConfig(options: unknown, env: Env): ConfigResult {
  const given: Readonly<Record<string, unknown>> =
    typeof options === "object" && options !== null ? { ...options } : {};
  const problems = unknownOptions(given);
  const values: Partial<Record<Name, unknown>> = {};
  for (const name of NAMES) {
    const isOption = isGiven(given[name]);
    const raw = rawValue(SETTINGS[name].env, given[name], env);
    if (!isGiven(raw)) continue;
    const parsed = SETTINGS[name].schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(wrongValue(name, raw, isOption));
  }
  problems.push(...insecure(values, env));
  if (problems.length > 0) return { kind: "wrong", problems };
  const missing = (["url", "token"] as const).filter((name) => values[name] === undefined);
  if (missing.length > 0) return { kind: "off", missing: missing.map(whereToSet) };
  return { kind: "ok", config: withDefaults(values), given: Object.keys(values) };
}

/** OpenCode puts nothing in the place of `{env:…}` where that variable is not set. */
const isGiven = (raw: unknown): boolean => raw !== undefined && raw !== null && raw !== "";

/** Of a setting of several members each may come from its variable. */
function rawValue(variables: Setting["env"], option: unknown, env: Env): unknown {
  if (typeof variables === "string") return isGiven(option) ? option : env[variables];
  if (isGiven(option) && (typeof option !== "object" || Array.isArray(option))) return option;
  const members = Object.entries({
    ...Object.fromEntries(Object.entries(variables).map(([name, from]) => [name, env[from]])),
    ...Object.fromEntries(Object.entries(option ?? {}).filter(([, value]) => isGiven(value))),
  }).filter(([, value]) => isGiven(value));
  return members.length === 0 && !isGiven(option) ? undefined : Object.fromEntries(members);
}

function withDefaults(values: Partial<Record<Name, unknown>>): Config {
  return Final.parse(values);
}

const Final = z
  .object({
    url: z.string().transform((url) => url.replace(/\/+$/, "")),
    token: z.string(),
    owner: z
      .string()
      .optional()
      .transform((owner) => owner),
    verbosity: z.enum(["quiet", "normal", "verbose"]).default("normal"),
    customStatus: z.boolean().default(true),
    requestsPerSecond: z.number().default(8),
    requestBurst: z.number().default(16),
    keepEndedDays: z.number().default(30),
    maxFileBytes: z.number().default(50 * 1024 * 1024),
    sessions: z.enum(["all", "interactive", "none"]).default("all"),
    projectRoots: z.array(z.string()).default([]),
    transcription: Transcription.optional(),
  })
  .transform((c): Config => ({ ...c, owner: c.owner }));

const whereToSet = (name: "url" | "token"): string =>
  `${SETTINGS[name].env} (or the option "${name}"): ${SETTINGS[name].hint}`;

function unknownOptions(given: Readonly<Record<string, unknown>>): string[] {
  const known = NAMES.join(", ");
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(SETTINGS, name))
    .map((name) => `There is no option "${name}". Remove it, or use one of: ${known}.`);
}

function wrongValue(name: Name, raw: unknown, isOption: boolean): string {
  const { env } = SETTINGS[name];
  const variables = typeof env === "string" ? env : Object.values(env).join(", ");
  const where = isOption ? `The option "${name}"` : variables;
  const isSecret =
    name === "token" || name === "transcription" || (name === "url" && /[@?#]/.test(String(raw)));
  const shown = isSecret ? "" : ` It is ${JSON.stringify(raw)}.`;
  return `${where} must be ${SETTINGS[name].hint}.${shown}`;
}

function insecure(values: Partial<Record<Name, unknown>>, env: Env): string[] {
  const { url, transcription, allowInsecure } = values;
  if (allowInsecure === true) return [];
  return [
    ...insecureAddress(url, "token", env),
    ...insecureAddress(memberOf(transcription, "url"), "transcription's key and sound", env),
  ];
}

function insecureAddress(url: unknown, what: string, env: Env): string[] {
  if (typeof url !== "string" || !/^http:/i.test(url)) return [];
  const { hostname } = new URL(url);
  if (isThisMachine(hostname)) {
    const proxy = proxyBefore(url, env);
    if (proxy === undefined) return [];
    return [
      `The url ${url} is on this machine, but ${proxy} names a proxy, which would get the ${what} unencrypted. Add ${hostname} to NO_PROXY, or set the option "allowInsecure" to true.`,
    ];
  }
  return [
    `The url ${url} sends the ${what} unencrypted. Use https, or set the option "allowInsecure" to true.`,
  ];
}

/** What is sent there leaves this machine nowhere. */
export const isThisMachine = (hostname: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

const PROXIES = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * The variable that names a proxy for an unencrypted server; `undefined` where it is certain that none is used: the runtime and the
 * socket do not read `NO_PROXY` alike, and a name in full is what both understand.
 */
export function proxyBefore(url: string, env: Env): string | undefined {
  const { hostname, host } = new URL(url);
  const names = [hostname, host];
  const exempt = (env["no_proxy"] || env["NO_PROXY"] || "").split(",");
  const isExempt = exempt.some((name) => ["*", ...names].includes(name.trim().toLowerCase()));
  return isExempt ? undefined : PROXIES.find((name) => Boolean(env[name]));
}
