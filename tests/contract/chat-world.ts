import type { ChatEvent, User } from "../../src/models/chat.ts";
import { asPostId, asUserId, type ChannelId } from "../../src/models/ids.ts";
import type { ChatPort, ChatSocket, NewPost, SocketState } from "../../src/ports.ts";

/** A server, the bot's way into it, and a person who uses it too. */
export interface ChatWorld extends AsyncDisposable {
  readonly chat: ChatPort;
  readonly person: ChatPort;
  /** The direct channel of the two. */
  readonly dm: ChannelId;
  readonly bot: User;
  readonly owner: User;
  /** A socket of the bot that has not been started. */
  socket(): ChatSocket;
  /** Ends the bot's sockets and lets none be opened, until mended. */
  readonly line: Line;
  /** Whether the server keeps for a lost socket what it misses. */
  readonly resumes: boolean;
}

export interface Line {
  cut(): void;
  mend(): void;
}

/** Nobody and nothing has these ids. */
export const noPost = asPostId("a".repeat(26));
export const noUser = asUserId("a".repeat(26));

let made = 0;

/** A post as the bridge makes it, in the channel itself unless a root is given. */
export const newPost = (
  world: Pick<ChatWorld, "dm">,
  message: string,
  rest: Partial<NewPost> = {},
): NewPost => ({
  channelId: world.dm,
  message,
  props: {},
  pendingPostId: `contract:${Date.now()}:${made++}`,
  ...rest,
});

/** Everything that a socket reports, and a way to wait for it. */
export interface Heard extends Disposable {
  readonly events: readonly ChatEvent[];
  readonly states: readonly SocketState[];
  /** Resolves as soon as what was heard satisfies `probe`, with what it returned. */
  until<T>(probe: () => T | undefined | false): Promise<T>;
}

/** Starts a socket and listens; disposing of it stops the socket. */
export function listen(socket: ChatSocket): Heard {
  const events: ChatEvent[] = [];
  const states: SocketState[] = [];
  const checks = new Set<() => void>();
  const changed = (): void => {
    for (const check of [...checks]) check();
  };
  socket.start({
    event(event) {
      events.push(event);
      changed();
    },
    state(state) {
      states.push(state);
      changed();
    },
  });
  return {
    events,
    states,
    until: (probe) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          try {
            const found = probe();
            if (found === undefined || found === false) return;
            checks.delete(check);
            resolve(found);
          } catch (error) {
            reject(error);
          }
        };
        checks.add(check);
        check();
      }),
    [Symbol.dispose]: () => socket.stop(),
  };
}

/** Resolves when the socket is live. */
export async function listenLive(socket: ChatSocket): Promise<Heard> {
  const heard = listen(socket);
  await heard.until(() => heard.states.at(-1)?.kind === "live");
  return heard;
}
