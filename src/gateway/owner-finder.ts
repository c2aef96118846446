import type { Config } from "../config.ts";
import { ChatError, messageOf, StoreError } from "../errors.ts";
import type { ChatEvent, Post, User } from "../models/chat.ts";
import type { Identity } from "../models/identity.ts";
import { asUserId, type UserId } from "../models/ids.ts";
import type { ChatPort, Clock, KnownOwner, Logger, PairingStore } from "../ports.ts";
import { retryDelayMs } from "../timing/retry.ts";
import { createPairing, type Pairing } from "./pairing.ts";

/** A problem that only the person can solve is looked at again this often. */
const ASK_AGAIN_MS = 600_000;
/** A server in trouble may not know a good token for a moment. */
const FIRST_ASK_AGAIN_MS = 30_000;
const PAIRED_LOOK_MS = 2_000;
const PAIRING_OVER =
  "Pairing with Mattermost is over: nobody typed the code in time. Restart OpenCode for a new one, or set MATTERMOST_OWNER.";
/** A short outage is not worth a word. */
const TELL_AFTER_TRIES = 3;

/** Asks the server who the bot and its owner are, for as long as it takes; pairs where no owner is named. */
export interface OwnerFinder {
  /** Returns at once; nothing it does can throw into the caller. */
  start(): void;
  /** Shows the code that makes its typer the owner once more, to the person at the terminal. `false` where there is none to show. */
  showCode(): boolean;
  /** Why the owner is not known yet, in a sentence for the person at the terminal. */
  describe(): string;
  stop(): void;
}

export function createOwnerFinder(deps: {
  readonly config: Pick<Config, "owner" | "url">;
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pairing: PairingStore;
  readonly knownOwner: KnownOwner;
  readonly isLeader: () => boolean;
  /** What is wrong with the way to the server, and what to do; `undefined` where nothing is found. Never rejects. */
  readonly whyUnreachable: () => Promise<string | undefined>;
  /** Says something to the person at the terminal, and in the log. */
  readonly tell: (message: string, kind: "warning" | "error") => void;
  /** The same, but not in the log. */
  readonly show: (message: string) => void;
  /** Opens the socket, whose events go to `on` until the owner is known. */
  readonly listen: (on: (event: ChatEvent) => void) => void;
  /** `latest`: what the owner writes after this post is for this process; absent in an empty channel. */
  readonly onKnown: (identity: Identity, latest: Post | undefined) => void;
}): OwnerFinder {
  const { config, chat, clock, logger } = deps;
  const said = new Set<string>();
  let problem = `Mattermost at ${config.url} has not answered yet.`;
  let pairing: Pairing | undefined;
  let bot: User | undefined;
  let stopped = false;
  let cancelTimer = (): void => undefined;

  /** Each problem is told once, not at every try. */
  function tellOnce(found: string, kind: "warning" | "error" = "warning"): void {
    problem = found;
    if (said.has(found)) return;
    said.add(found);
    deps.tell(found, kind);
  }

  /** Only to the person at the terminal: others may read the log. */
  function show(code: string, { username }: User): void {
    const { place } = deps.pairing;
    deps.show(
      `Mattermost has no owner yet: send "!pair ${code}" to @${username}. The code stands in ${place} too.`,
    );
  }

  function showOnce(code: string, me: User): void {
    if (said.has(code)) return;
    said.add(code);
    problem = `Mattermost has no owner yet: send "!pair CODE" to @${me.username}. The code is shown in the terminal and stands in ${deps.pairing.place}.`;
    logger.warn(problem);
    show(code, me);
  }

  function later(delayMs: number, task: () => Promise<void>): void {
    if (stopped) return;
    cancelTimer = clock.schedule(delayMs, () => {
      if (!stopped) void task();
    });
  }

  async function connect(tries: number): Promise<void> {
    try {
      const owner = config.owner ?? deps.pairing.owner();
      if (owner === undefined) return pair(await chat.me());
      const result = await resolveIdentity(chat, owner, deps.knownOwner);
      if (stopped) return;
      if (result.kind === "known") {
        const { identity } = result;
        const latest = pairing?.pairedBy() ?? (await latestIn(identity));
        if (!stopped) deps.onKnown(identity, latest);
        return;
      }
      tellOnce(`Mattermost: ${result.problem}.`);
      later(ASK_AGAIN_MS, () => connect(0));
    } catch (error) {
      later(await explain(error, tries), () => connect(tries + 1));
    }
  }

  /** Nobody is the owner yet, so nobody may act; the one who types the code becomes it. */
  function pair(me: User): void {
    if (stopped) return;
    const { isLeader, pairing: kept, listen } = deps;
    const open = createPairing({ chat, clock, logger, store: kept, me, isLeader });
    pairing = open;
    bot = me;
    listen((event) => {
      if (event.type === "posted") void open.post(event.post, event.channelType);
    });
    const watch = async (): Promise<void> => {
      const code = open.code();
      if (kept.owner() !== undefined) return connect(0);
      if (code) showOnce(code, me);
      else tellOnce(PAIRING_OVER);
      later(PAIRED_LOOK_MS, watch);
    };
    void watch();
  }

  /** Tells what is wrong, if that is worth telling; how long to wait before the next try, in milliseconds. */
  async function explain(error: unknown, tries: number): Promise<number> {
    if (error instanceof ChatError && error.kind === "unauthorized") {
      tellOnce(
        `Mattermost at ${config.url} does not accept the token: set MATTERMOST_TOKEN to a valid access token of the bot account and restart OpenCode.`,
        "error",
      );
      return Math.min(ASK_AGAIN_MS, FIRST_ASK_AGAIN_MS * 2 ** tries);
    }
    logger.debug(`Mattermost does not answer yet: ${messageOf(error)}`);
    if (tries >= TELL_AFTER_TRIES) {
      const why =
        (await deps.whyUnreachable()) ??
        `Mattermost at ${config.url} cannot be reached. Check the url and the network.`;
      if (!stopped) tellOnce(`${why} It is tried again until it answers.`);
    }
    return retryDelayMs(tries, error);
  }

  /** Read before the first thread is made: what the owner writes from then on is not lost, however late the socket is. */
  async function latestIn({ channelId }: Identity): Promise<Post | undefined> {
    return (await chat.recentPosts(channelId))[0];
  }

  return {
    start: () => void connect(0),
    showCode() {
      const code = pairing?.code();
      if (code && bot) show(code, bot);
      return code !== undefined;
    },
    describe: () => problem,
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}

/** `no-owner`: nobody may act. Each problem says what to do. */
export type IdentityResult =
  | { readonly kind: "known"; readonly identity: Identity }
  | { readonly kind: "no-owner"; readonly problem: string };

/**
 * Asks the server. Rejects with `ChatError` where it does not answer or does not accept the token. A username counts for the person
 * that it meant at first, whoever has it by now.
 */
export async function resolveIdentity(
  chat: ChatPort,
  ownerName: string,
  known?: KnownOwner,
): Promise<IdentityResult> {
  const me = await chat.me();
  const limits = await chat.limits();
  const owner = await findOwner(chat, ownerName);
  if (!owner) {
    return noOwner(
      `Mattermost has no user "${ownerName}": set MATTERMOST_OWNER (or the option "owner") to your username or user id`,
    );
  }
  if (owner.deactivated) return noOwner(`the owner ${owner.username} is deactivated in Mattermost`);
  if (owner.id === me.id || owner.isBot) {
    return noOwner(
      `the owner must be a person, but ${owner.username} is a bot: set your own username`,
    );
  }
  const isName = known && !USER_ID.test(ownerName);
  const problem = isName ? whyNotThem(ownerName, owner.id, known) : undefined;
  if (problem) return noOwner(problem);
  const channelId = await chat.directChannel(me.id, owner.id);
  return { kind: "known", identity: { me, owner, channelId, limits } };
}

/** Remembers whom the name means, the first time; why they are not the owner, where it meant somebody else then. */
function whyNotThem(name: string, id: UserId, known: KnownOwner): string | undefined {
  try {
    const before = known.id();
    if (before === undefined) known.remember(id);
    if (before === undefined || before === id) return undefined;
    return (
      `"${name}" is another person in Mattermost now (user id ${id}) than it was at first (${before}), so nobody may act. ` +
      `Set MATTERMOST_OWNER (or the option "owner") to your user id; if the new "${name}" is you, remove ${known.place}`
    );
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return `it cannot be told whom the owner "${name}" meant at first: ${messageOf(error)}`;
  }
}

const noOwner = (problem: string): IdentityResult => ({ kind: "no-owner", problem });

const USER_ID = /^[a-z0-9]{26}$/;

/** What looks like an id is one: whoever takes such a name must not become the owner. */
const findOwner = (chat: ChatPort, owner: string): Promise<User | undefined> =>
  USER_ID.test(owner) ? chat.user(asUserId(owner)) : chat.userByName(owner.toLowerCase());
