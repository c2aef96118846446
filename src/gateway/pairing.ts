import { parseCommand } from "../commands/message-router.ts";
import type { Post, User } from "../models/chat.ts";
import type { ChatPort, Clock, Logger, PairingStore } from "../ports.ts";
import { createLane } from "../timing/lane.ts";

const WITHIN_MS = 10 * 60_000;
const MAX_WRONG_TRIES = 5;
const CODE_CHARS = 8;
const NOT_THE_CODE = "That is not the code. It is shown in OpenCode's terminal.";
const TOO_MANY =
  "That is not the code, and was the last try. For a new code restart OpenCode: its terminal shows it.";
/** Without letters and digits that look alike. */
const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/** Gives the bot its owner: the person who types the code that only the terminal shows. */
export interface Pairing {
  /** The code to show; `undefined` once pairing is over. */
  code(): string | undefined;
  /** The post that made its writer the owner here. */
  pairedBy(): Post | undefined;
  /** A post in a direct channel with the bot. Resolves when it has been looked at. */
  post(post: Post, channelType: string): Promise<void>;
}

export function createPairing(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: PairingStore;
  readonly me: User;
  readonly isLeader: () => boolean;
}): Pairing {
  const { chat, clock, logger, store, me } = deps;
  const lane = createLane(logger);
  let paired: Post | undefined;
  if (deps.isLeader()) store.begin(newCode(), clock.now());

  function current(): string | undefined {
    const open = store.open();
    if (!open) return undefined;
    return clock.now() - open.sinceMs < WITHIN_MS ? open.code : undefined;
  }

  /** By person: whoever guesses keeps nobody else from pairing. */
  const triesOf = ({ id }: User): number => store.open()?.wrongTries[id] ?? 0;

  async function answer(post: Post, message: string): Promise<void> {
    const pendingPostId = `${me.id}:pair:${post.id}`;
    const { channelId } = post;
    await chat.createPost({ channelId, message, props: {}, pendingPostId }, "interactive");
  }

  async function attempt(post: Post, typed: string): Promise<void> {
    const code = current();
    if (code === undefined) return;
    const person = await chat.user(post.userId);
    if (!person || person.isBot || person.deactivated) return;
    if (triesOf(person) >= MAX_WRONG_TRIES) return;
    if (typed.toUpperCase() !== code) {
      store.countWrongTry(person.id);
      logger.warn(`@${person.username} typed a wrong pairing code`);
      const isLast = triesOf(person) >= MAX_WRONG_TRIES;
      await answer(post, isLast ? TOO_MANY : NOT_THE_CODE);
      return;
    }
    store.setOwner(person.id);
    paired = post;
    logger.info(`paired with @${person.username}`);
    await answer(post, "✅ **Paired.** Every session of your OpenCode appears here as a thread.");
  }

  return {
    code: current,
    pairedBy: () => paired,
    async post(post, channelType) {
      const command = parseCommand(post.message);
      const mine = post.userId === me.id || post.type !== "" || Object.keys(post.props).length > 0;
      if (channelType !== "D" || mine || command?.name !== "pair" || !deps.isLeader()) return;
      // One after the other: of many at once only the first few count.
      await lane.run("pairing", () => attempt(post, command.args));
    },
  };
}

function newCode(): string {
  const random = crypto.getRandomValues(new Uint32Array(CODE_CHARS));
  return [...random].map((n) => ALPHABET[n % ALPHABET.length] ?? "").join("");
}
