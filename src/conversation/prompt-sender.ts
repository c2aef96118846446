import { HostError, messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { StoredMessage } from "../models/host-event.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import type { MessageId, SessionId } from "../models/ids.ts";
import { newMessageId } from "../models/message-id.ts";
import type { Prompt } from "../models/prompt.ts";
import { promptSettings, type SessionSettings } from "../models/session-settings.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { lastSettings } from "./prompt-settings.ts";
import { beginsBefore, storedMessages } from "./stored-messages.ts";

const TRIES = 4;
const PAUSE_MS = 1_000;
/** What was sent a moment ago is among the newest. */
const MESSAGES_READ = 50;
/** As far as the difference between this machine's clock and the server's is not known. */
const CLOCKS_APART_MS = 600_000;
/** OpenCode says that it has taken a prompt before it stores it: mostly a few milliseconds, with big files longer. */
const STORED_WITHIN_MS = 20_000;
/** Its events mostly say so. Until then nothing is asked: OpenCode is busy with the prompt itself. */
const HEAR_EVERY_MS = 5;
const HEAR_FOR_MS = 40;
const LOOK_FIRST_MS = 10;
const LOOK_EVERY_MS = 500;
/** What was read so long before a prompt is read again: another process may have prompted since. */
const AHEAD_FOR_MS = 500;
/** Prompts hold their pictures: only those that OpenCode may still forget are kept. */
const PROMPTS_REMEMBERED = 5;

/**
 * `failed`: OpenCode does not have it. `refused`: nor will it, and it has said why. `unsure`: OpenCode has not said at last whether it
 * has it, or has taken it and not stored it yet.
 */
export type SendResult =
  | { readonly kind: "accepted" }
  | { readonly kind: "gone" }
  | { readonly kind: "failed" | "refused" | "unsure"; readonly reason: string };

/** What OpenCode has told of a session, as far as it concerns what is sent there. */
export type Told = Partial<Pick<ThreadState, "refusal" | "reported" | "reloadedMs" | "turns">>;

interface SendDeps {
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly told?: () => Told;
}

interface SenderDeps extends SendDeps {
  /** What the owner has chosen for the session. */
  readonly chosen?: () => SessionSettings;
}

/**
 * Gives a prompt to OpenCode exactly once. It is accepted when OpenCode has stored it: until then a crash would lose it.
 * Where the outcome of a try is unknown OpenCode's own record decides whether it is tried again. What OpenCode has taken is not
 * sent again: other plugins may look at it for minutes before it is stored, and it would run twice where something was answered in
 * between. Only a reload loses it.
 */
export async function sendPrompt(
  deps: SendDeps,
  sessionId: SessionId,
  prompt: Prompt,
  /** Once not, no further try is made. */
  isWanted: () => boolean = () => true,
): Promise<SendResult> {
  const { host, clock, logger } = deps;
  let reason = "";
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0 && !isWanted()) break;
    const result = await attempt(deps, sessionId, prompt, tries > 0);
    if (!("reason" in result)) return result;
    reason = result.reason;
    // Refused at once: it is not there, whatever a look would say.
    if (result.kind === "failed" && tries === 0) return result;
    if (result.kind !== "again") return unlessThere(host, sessionId, prompt, result);
    logger.warn(`a prompt could not be sent: ${reason}`);
    await pause(clock, PAUSE_MS * 2 ** tries);
  }
  const stored = await isThere(host, sessionId, prompt);
  if (stored === undefined) return { kind: "unsure", reason };
  return stored ? ACCEPTED : { kind: "failed", reason };
}

const ACCEPTED = { kind: "accepted" } as const;

/** `again`: it is not known whether it was done, or it is certainly lost. */
type Attempt = SendResult | { readonly kind: "again"; readonly reason: string };

async function unlessThere(
  host: HostPort,
  id: SessionId,
  prompt: Prompt,
  result: SendResult,
): Promise<SendResult> {
  return (await isThere(host, id, prompt)) ? ACCEPTED : result;
}

/** `undefined` where that cannot be told. */
const isThere = (host: HostPort, id: SessionId, prompt: Prompt): Promise<boolean | undefined> =>
  host.hasMessage(id, prompt.id).catch(() => undefined);

async function attempt(
  deps: SendDeps,
  sessionId: SessionId,
  prompt: Prompt,
  lookFirst: boolean,
): Promise<Attempt> {
  const { host, clock } = deps;
  try {
    if (lookFirst && (await host.hasMessage(sessionId, prompt.id))) return ACCEPTED;
    const sentMs = clock.now();
    await host.prompt(sessionId, prompt);
    return await stored(deps, sessionId, prompt, sentMs);
  } catch (error) {
    const kind = error instanceof HostError ? error.kind : "unknown";
    if (kind === "not-found") return { kind: "gone" };
    return { kind: kind === "unknown" ? "again" : "failed", reason: messageOf(error) };
  }
}

/** OpenCode has taken the prompt: what becomes of it. */
async function stored(
  { host, clock, told }: SendDeps,
  sessionId: SessionId,
  { id }: Prompt,
  sentMs: number,
): Promise<Attempt> {
  const untilMs = clock.now() + STORED_WITHIN_MS;
  const isHeard = (): boolean => told?.().turns?.some((turn) => turn.id === id) === true;
  while (!isHeard() && told && clock.now() < sentMs + HEAR_FOR_MS)
    await pause(clock, HEAR_EVERY_MS);
  for (let waitMs = LOOK_FIRST_MS; ; waitMs = Math.min(waitMs * 2, LOOK_EVERY_MS)) {
    const { refusal, reported, reloadedMs = 0 } = told?.() ?? {};
    if (isHeard() || (await host.hasMessage(sessionId, id))) return ACCEPTED;
    if (refusal && refusal.atMs >= sentMs) return { kind: "refused", reason: refusal.reason };
    if (reloadedMs >= sentMs) return { kind: "again", reason: "OpenCode has been reloaded" };
    if (clock.now() >= untilMs) return { kind: "unsure", reason: notStored(reported, sentMs) };
    await pause(clock, waitMs);
  }
}

function notStored(reported: Told["reported"], sentMs: number): string {
  const said = reported && reported.atMs >= sentMs ? `. It reports: ${reported.reason}` : "";
  const within = `${STORED_WITHIN_MS / 1000} s`;
  return `OpenCode has taken it and has not stored it within ${within}; another plugin may hold it up${said}`;
}

/** Reads what the session's last prompt ran with. Rejects where it cannot be read. */
type ReadSettings = () => Promise<PromptSettings | undefined>;

/** A prompt without them might do what the session was told not to: where they cannot be read it is not sent. */
async function settingsFor(
  { clock, chosen }: SenderDeps,
  read: ReadSettings,
): Promise<PromptSettings | Exclude<SendResult, { kind: "accepted" }> | undefined> {
  let reason = "";
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return promptSettings(await read(), chosen?.() ?? {});
    } catch (error) {
      if (error instanceof HostError && error.kind === "not-found") return { kind: "gone" };
      reason = messageOf(error);
      await pause(clock, PAUSE_MS * 2 ** tries);
    }
  }
  return { kind: "failed", reason };
}

interface Ahead {
  readonly settings: ReturnType<ReadSettings>;
  readonly isIdle: boolean;
  readonly atMs: number;
}

const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayMs, resolve);
  });

/** Gives the prompts of one session to OpenCode, and remembers the newest, which OpenCode may forget. */
export function createPromptSender(deps: SenderDeps, sessionId: SessionId) {
  const { host, clock, logger } = deps;
  const remembered = new Map<MessageId, Prompt>();
  let ahead: Ahead | undefined;

  /** What was read ahead counts once, and only if it was read just now. */
  function reader(isIdle: boolean): ReadSettings {
    const read: ReadSettings = () => lastSettings(host, sessionId, isIdle);
    const known = ahead;
    ahead = undefined;
    const ageMs = clock.now() - (known?.atMs ?? Number.NEGATIVE_INFINITY);
    if (known?.isIdle !== isIdle || ageMs < 0 || ageMs > AHEAD_FOR_MS) return read;
    return () => known.settings.catch(read);
  }

  return {
    /** A prompt is about to be sent: what it goes on with is read while other things are done. Never throws. */
    prepare(isIdle: boolean): void {
      const settings = lastSettings(host, sessionId, isIdle);
      settings.catch(() => undefined);
      ahead = { settings, isIdle, atMs: clock.now() };
    },
    /** `isIdle`: nothing of the session runs. */
    async send(
      content: Omit<Prompt, "id" | "settings">,
      isIdle: boolean,
      isWanted?: () => boolean,
    ): Promise<SendResult> {
      const id = newMessageId(clock.now());
      const settings = await settingsFor(deps, reader(isIdle));
      if (settings && "kind" in settings) return settings;
      const prompt = { ...content, id, ...(settings && { settings }) };
      remembered.set(prompt.id, prompt);
      const [oldest] = remembered.keys();
      if (remembered.size > PROMPTS_REMEMBERED && oldest) remembered.delete(oldest);
      return sendPrompt(deps, sessionId, prompt, isWanted);
    },
    /** Sends a prompt once more, under the same ids. `false` where it is not remembered; it is not remembered twice. */
    again(id: MessageId): boolean {
      const prompt = remembered.get(id);
      if (!prompt) return false;
      remembered.delete(id);
      logger.info("OpenCode has stored a prompt and does not run it: sent again", { sessionId });
      void host.prompt(sessionId, prompt).catch((error) => {
        logger.warn(`a prompt could not be sent again: ${messageOf(error)}`);
      });
      return true;
    },
  };
}

/**
 * Whether OpenCode has stored a prompt that came from this post, whoever sent it, and however many came after it. `createdMs`:
 * by this machine's clock.
 */
export async function wasSent(
  host: HostPort,
  sessionId: SessionId,
  { id, createdMs }: Pick<Post, "id" | "createdMs">,
): Promise<boolean> {
  const isIn = (messages: readonly StoredMessage[]): boolean =>
    messages.some((m) => m.parts.some((p) => p.kind === "text" && p.postId === id));
  const reachesBack = beginsBefore(createdMs - CLOCKS_APART_MS);
  const isEnough = (read: readonly StoredMessage[]): boolean => isIn(read) || reachesBack(read);
  return isIn(await storedMessages(host, sessionId, isEnough, MESSAGES_READ));
}
