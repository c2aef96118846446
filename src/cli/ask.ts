import { checkAddress } from "./checks/address.ts";
import { createServerChecks, type Ready, type ServerChecks } from "./checks/server-checks.ts";
import { type Finding, filled, isProblem, shown } from "./findings/finding.ts";
import { QUESTIONS } from "./findings/questions.ts";
import type { Prompter } from "./prompter.ts";
import type { Env } from "./settings/env.ts";
import type { Terminal } from "./terminal.ts";

/** What the bridge is to be set up with. */
export interface Settings {
  readonly url: string;
  readonly token: string;
  readonly owner: string;
  readonly allowInsecure: boolean;
}

export interface Settled {
  readonly settings: Settings;
  readonly checks: ServerChecks;
  readonly ready: Ready;
}

/** What is known before anything is asked. */
export interface Known extends Partial<Settings> {
  readonly env: Env;
}

/**
 * Asks for each setting and checks it at once, again and again until it holds. `undefined` where the person gave up, or where
 * what is wrong is not for a setting to mend.
 */
export async function askForSettings(
  known: Known,
  prompter: Prompter,
  terminal: Terminal,
  withinMs: number | undefined,
): Promise<Settled | undefined> {
  const tell = (finding: Finding): boolean => {
    terminal.say(shown(finding));
    return !isProblem(finding);
  };
  const server = await askForServer(known, prompter, tell, withinMs);
  if (server === undefined) return undefined;
  const { checks, url, allowInsecure } = server;
  const bot = await askForToken(known, checks, prompter, tell);
  if (bot === undefined) return undefined;
  const { token, me } = bot;
  const person = await askForOwner(known, bot, checks, prompter, tell);
  if (person === undefined) return undefined;
  const rest = [await checks.socket(token), ...(await checks.limits(token))];
  if (!rest.map(tell).every(Boolean)) return undefined;
  const settings = { url, token, owner: person.owner, allowInsecure };
  return { settings, checks, ready: { me, channelId: person.channelId } };
}

type Tell = (finding: Finding) => boolean;

interface Server {
  readonly url: string;
  readonly allowInsecure: boolean;
  readonly checks: ServerChecks;
}

async function askForServer(
  known: Known,
  prompter: Prompter,
  tell: Tell,
  withinMs: number | undefined,
): Promise<Server | undefined> {
  let { url: initial, allowInsecure = false } = known;
  for (;;) {
    const typed = await prompter.text(QUESTIONS.url, initial);
    if (typed === undefined) return undefined;
    initial = typed;
    const { finding, checks, url } = await tryAddress(
      typed,
      { env: known.env, allowInsecure },
      withinMs,
    );
    if (tell(finding) && checks) return { url, allowInsecure, checks };
    if (finding.says === "address.insecure") {
      allowInsecure = (await agreed(prompter, QUESTIONS.insecure, finding)) ?? false;
    }
    const isBetter = finding.says === "reach.path" || finding.says === "reach.http-for-https";
    if (isBetter && (await agreed(prompter, QUESTIONS.better, finding))) {
      initial = String(finding.facts["better"]);
    }
  }
}

async function tryAddress(
  typed: string,
  { allowInsecure, env }: { readonly allowInsecure: boolean; readonly env: Env },
  withinMs: number | undefined,
): Promise<{ finding: Finding; url: string; checks?: ServerChecks }> {
  const address = checkAddress(typed, allowInsecure, env);
  if (address.kind === "problem") return { finding: address.finding, url: typed };
  const checks = createServerChecks(address.url, withinMs);
  return { finding: await checks.reach(), url: address.url, checks };
}

const agreed = (
  prompter: Prompter,
  question: string,
  { facts }: Finding,
): Promise<boolean | undefined> => prompter.confirm(filled(question, facts));

type Bot = Pick<Ready, "me"> & { readonly token: string };

async function askForToken(
  known: Known,
  checks: ServerChecks,
  prompter: Prompter,
  tell: Tell,
): Promise<Bot | undefined> {
  for (;;) {
    const question = known.token === undefined ? QUESTIONS.token : QUESTIONS.tokenAgain;
    const typed = await prompter.secret(question);
    if (typed === undefined) return undefined;
    const token = typed.trim() || known.token || "";
    const answer = await checks.token(token);
    if (tell(answer.finding) && answer.kind === "bot") return { token, me: answer.me };
  }
}

async function askForOwner(
  known: Known,
  { token, me }: Bot,
  checks: ServerChecks,
  prompter: Prompter,
  tell: Tell,
) {
  let initial = known.owner;
  for (;;) {
    const typed = await prompter.text(QUESTIONS.owner, initial);
    if (typed === undefined) return undefined;
    initial = typed;
    const answer = await checks.owner(token, me, typed);
    const isFine = tell(answer.finding);
    if (!isFine || answer.kind === "problem") continue;
    return { owner: typed.trim().replace(/^@/, ""), channelId: answer.channelId };
  }
}
