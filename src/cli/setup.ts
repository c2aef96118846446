import { readFileSync } from "node:fs";
import { messageOf } from "../errors.ts";
import { askForSettings, type Known, type Settings, type Settled } from "./ask.ts";
import { checkAddress } from "./checks/address.ts";
import { checkServer, createServerChecks } from "./checks/server-checks.ts";
import { type Finding, found, isProblem, shown } from "./findings/finding.ts";
import { NEXT, QUESTIONS } from "./findings/questions.ts";
import { sayHello } from "./hello.ts";
import type { Prompter } from "./prompter.ts";
import { type ConfigFile, globalConfigFiles, writePluginLine } from "./settings/config-file.ts";
import type { Env } from "./settings/env.ts";
import { readStoredSettings } from "./settings/stored-settings.ts";
import { asSetting, keepToken, readToken, tokenPath } from "./settings/token-file.ts";
import type { Terminal } from "./terminal.ts";

export interface SetupFlags {
  readonly url?: string;
  readonly owner?: string;
  readonly tokenFile?: string;
  readonly tokenStdin?: boolean;
  readonly allowInsecure?: boolean;
  /** How OpenCode's configuration is to name the plugin. */
  readonly plugin?: string;
  /** Ask nothing. */
  readonly yes?: boolean;
  /** For each answer of the server, in seconds. */
  readonly timeout?: number;
}

export interface SetupWorld {
  readonly env: Env;
  readonly home: string;
  readonly terminal: Terminal;
  /** Absent where nobody can be asked. */
  readonly prompter: Prompter | undefined;
  /** Everything on standard input. */
  readStdin(): Promise<string>;
  /** How the plugin is named where nothing else is said. */
  readonly plugin: string;
}

/** Asks, checks, writes the settings and has the bot say hello; resolves with the exit code. What is so already stays. */
export async function setup(flags: SetupFlags, world: SetupWorld): Promise<number> {
  const { terminal, env, home } = world;
  const files = globalConfigFiles(env, home);
  const unreadable = files.find(({ content }) => content.kind === "unreadable");
  if (unreadable?.content.kind === "unreadable") {
    const { reason } = unreadable.content;
    return refuse(terminal, found("config.unreadable", { path: unreadable.path, reason }));
  }
  const known = await knownSettings(flags, world);
  if ("says" in known) return refuse(terminal, known);
  const settled = await settle(known, flags, world);
  if (settled === undefined) {
    terminal.complain(QUESTIONS.cancelled);
    return 1;
  }
  const written = await write(settled.settings, files, flags, world);
  for (const finding of written) terminal.say(shown(finding));
  if (written.some(isProblem)) return 1;
  return greet(settled, terminal);
}

function refuse(terminal: Terminal, finding: Finding): number {
  terminal.complain(shown(finding));
  return 1;
}

/** Flags win over the environment, and that over what is stored. */
async function knownSettings(flags: SetupFlags, world: SetupWorld): Promise<Known | Finding> {
  const { env, home } = world;
  const { options } = readStoredSettings(env, home, home);
  const stored = (name: string): string | undefined =>
    typeof options[name] === "string" && options[name] !== "" ? options[name] : undefined;
  const token = await givenToken(flags, world);
  if (typeof token === "object") return token;
  const known = {
    url: flags.url ?? (env["MATTERMOST_URL"] || stored("url")),
    owner: flags.owner ?? (env["MATTERMOST_OWNER"] || stored("owner")),
    token: token ?? stored("token") ?? readToken(tokenPath(env, home)),
    allowInsecure: flags.allowInsecure ?? options["allowInsecure"] === true,
  };
  const given = Object.entries(known).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), env };
}

async function givenToken(
  { tokenFile, tokenStdin }: SetupFlags,
  { env, readStdin }: SetupWorld,
): Promise<string | Finding | undefined> {
  if (tokenStdin) return (await readStdin()).trim();
  if (tokenFile === undefined) return env["MATTERMOST_TOKEN"]?.trim() || undefined;
  try {
    return readFileSync(tokenFile, "utf8").trim();
  } catch (error) {
    return found("token.file", { path: tokenFile, reason: messageOf(error) });
  }
}

async function settle(
  known: Known,
  { yes, timeout }: SetupFlags,
  { terminal, prompter }: SetupWorld,
): Promise<Settled | undefined> {
  const withinMs = timeout === undefined ? undefined : timeout * 1000;
  if (yes) return takeAsGiven(known, terminal, withinMs);
  if (prompter) return askForSettings(known, prompter, terminal, withinMs);
  terminal.complain(QUESTIONS.noTerminal);
  return undefined;
}

async function takeAsGiven(
  { url = "", token = "", owner, allowInsecure = false, env }: Known,
  terminal: Terminal,
  withinMs: number | undefined,
): Promise<Settled | undefined> {
  const tell = (finding: Finding): void => {
    if (isProblem(finding)) terminal.complain(shown(finding));
    else terminal.say(shown(finding));
  };
  const address = checkAddress(url, allowInsecure, env);
  if (address.kind === "problem") {
    tell(address.finding);
    return undefined;
  }
  const checks = createServerChecks(address.url, withinMs);
  const ready = await checkServer(checks, { token, owner: owner ?? "" }, tell);
  const settings = { url: address.url, token, owner: bareName(owner ?? ""), allowInsecure };
  return ready && { settings, checks, ready };
}

const bareName = (name: string): string => name.trim().replace(/^@/, "");

async function write(
  { url, token, owner, allowInsecure }: Settings,
  files: readonly ConfigFile[],
  { plugin }: SetupFlags,
  { env, home, ...world }: SetupWorld,
): Promise<readonly Finding[]> {
  const path = tokenPath(env, home);
  const own = ownTokenFile(token, { env, home });
  const findings: Finding[] = [];
  try {
    // First: a line that names a file which is not there would keep OpenCode from starting.
    if (own === undefined) await keepToken(path, token);
    findings.push(own === undefined ? found("token.kept", { path }) : found("token.stays"));
    for (const file of files) {
      const line = file.content.kind === "read" ? file.content.line : undefined;
      const spec = plugin ?? line?.spec ?? world.plugin;
      const named = own ?? asSetting(path, home);
      const options = { url, owner, token: named, ...(allowInsecure && { allowInsecure }) };
      const isNew = await writePluginLine(file, line, { spec, options });
      findings.push(found(isNew ? "config.written" : "config.same", { path: file.path }));
    }
  } catch (error) {
    findings.push(found("config.failed", { reason: messageOf(error) }));
  }
  return findings;
}

/** How the settings name a file that holds this token already, wherever the person keeps it. */
function ownTokenFile(
  token: string,
  { env, home }: Pick<SetupWorld, "env" | "home">,
): string | undefined {
  const { line, options } = readStoredSettings(env, home, home);
  const named = line?.options["token"];
  const isFile = typeof named === "string" && /^\{file:[^}]+\}$/.test(named);
  const isOurs = named === asSetting(tokenPath(env, home), home);
  return isFile && !isOurs && options["token"] === token ? named : undefined;
}

async function greet({ settings, checks, ready }: Settled, terminal: Terminal): Promise<number> {
  const { me, channelId } = ready;
  if (channelId !== undefined) {
    const hello = await sayHello(checks.as(settings.token), me.id, channelId, settings.owner);
    terminal.say(shown(hello));
    if (isProblem(hello)) return 1;
  }
  terminal.say(`\n${NEXT}`);
  return 0;
}
