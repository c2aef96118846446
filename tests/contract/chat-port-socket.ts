import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { ChatEvent, User } from "../../src/models/chat.ts";
import type { ChannelId } from "../../src/models/ids.ts";
import type { ChatSocket, SocketState } from "../../src/ports.ts";
import type { ChatServer } from "./chat-port-guests.ts";

/** The bot's socket to a server, over a line that can be cut. */
interface SocketLine {
  readonly socket: ChatSocket;
  cut(): void;
  /** With `forgotten` the server does not know any more what the connection has missed. */
  restore(forgotten?: boolean): void;
  stop(): Promise<void>;
}

export interface SocketServer extends ChatServer {
  line(): Promise<SocketLine>;
}

const SLOW_MS = 60_000;

/** What every `ChatSocket` promises. */
export function chatSocketContract(name: string, setup: () => Promise<SocketServer>): void {
  describe(`${name} has a socket`, () => {
    let server: SocketServer;
    let me: User;
    let other: User;
    let channelId: ChannelId;
    let open: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      server = await setup();
      [me, other] = await Promise.all([server.bot.me(), server.person.me()]);
      channelId = await server.bot.directChannel(me.id, other.id);
    }, SLOW_MS);
    afterEach(async () => {
      for (const close of open) await close();
      open = [];
    });
    afterAll(() => server?.stop());

    /** A line whose socket is live, and what comes through it. */
    const connect = async () => {
      const line = await server.line();
      const watched = watch(line.socket);
      open.push(() => {
        line.socket.stop();
        return line.stop();
      });
      await watched.until("live", () => watched.states.at(-1)?.kind === "live");
      return { line, ...watched };
    };
    const say = (message: string) => {
      const pendingPostId = crypto.randomUUID();
      return server.person.createPost({ channelId, message, props: {}, pendingPostId }, "normal");
    };

    test("that greets, and calls nothing back before it is started", async () => {
      const { states } = await connect();
      expect(states.at(0)?.kind).toBe("connecting");
      expect(states.at(-1)).toEqual({ kind: "live", resumed: false });
    });

    test("that tells of posts, edits, reactions and deletions", async () => {
      const { events, until } = await connect();
      const post = await say("watch this");
      await until("posted", () => events.some((e) => e.type === "posted" && e.post.id === post.id));
      const posted = events.find((e) => e.type === "posted" && e.post.id === post.id);
      expect(posted).toMatchObject({ channelType: "D", post: { userId: other.id, channelId } });
      await server.person.editPost(post.id, "watched", "normal");
      await until("edited", () =>
        events.some((e) => e.type === "edited" && e.post.message === "watched"),
      );
      await server.person.react(other.id, post.id, "eyes");
      await server.person.unreact(post.id, "eyes");
      const reaction = { postId: post.id, userId: other.id, emoji: "eyes" };
      await until("a reaction that goes", () =>
        events.some((e) => e.type === "reaction-removed" && e.reaction.postId === post.id),
      );
      const like = expect.objectContaining(reaction);
      expect(events).toContainEqual({ type: "reaction-added", reaction: like });
      expect(events).toContainEqual({ type: "reaction-removed", reaction: like });
      await server.person.deletePost(post.id);
      await until("deleted", () =>
        events.some((e) => e.type === "post-deleted" && e.post.id === post.id),
      );
    });

    test("that keeps the order", async () => {
      const { events, until } = await connect();
      const said: string[] = [];
      for (let n = 0; n < 20; n++) said.push((await say(`in order ${n}`)).id);
      await until("all", () => postedOf(events, said).length === said.length);
      expect(postedOf(events, said)).toEqual(said);
    });

    test(
      "that resumes after a drop, with nothing lost or doubled",
      async () => {
        const { line, events, states, until } = await connect();
        const said: string[] = [(await say("before")).id];
        await until("before", () => postedOf(events, said).length === 1);
        for (let drop = 1; drop <= 2; drop++) {
          line.cut();
          await until("away", () => states.at(-1)?.kind === "waiting");
          const post = await say(`meanwhile ${drop}`);
          said.push(post.id);
          await server.person.react(other.id, post.id, "eyes");
          line.restore();
          await until("live", () => states.at(-1)?.kind === "live");
          said.push((await say(`after ${drop}`)).id);
          await until("all", () => postedOf(events, said).length >= said.length);
        }
        expect(postedOf(events, said)).toEqual(said);
        const reactions = events.flatMap((e) => (e.type === "reaction-added" ? [e.reaction] : []));
        expect(reactions.filter((r) => said.includes(r.postId))).toHaveLength(2);
        const lives = states.filter((state) => state.kind === "live");
        expect(lives.map((state) => state.resumed)).toEqual([false, true, true]);
      },
      SLOW_MS,
    );

    test(
      "that resumes though nothing happened meanwhile",
      async () => {
        const { line, states, until } = await connect();
        line.cut();
        await until("away", () => states.at(-1)?.kind === "waiting");
        line.restore();
        await until("live", () => states.at(-1)?.kind === "live");
        expect(states.at(-1)).toEqual({ kind: "live", resumed: true });
      },
      SLOW_MS,
    );

    test(
      "that says so where the server knows nothing of what was missed",
      async () => {
        const { line, events, states, until } = await connect();
        line.cut();
        await until("away", () => states.at(-1)?.kind === "waiting");
        const missed = await say("missed");
        line.restore(true);
        await until("live", () => states.at(-1)?.kind === "live");
        expect(states.at(-1)).toEqual({ kind: "live", resumed: false });
        const next = await say("next");
        await until("next", () => postedOf(events, [next.id]).length === 1);
        expect(postedOf(events, [missed.id, next.id])).toEqual([next.id]);
      },
      SLOW_MS,
    );

    test("that takes a new connection when told to", async () => {
      const { line, events, states, until } = await connect();
      line.socket.reconnect("the test wants it");
      await until("live again", () => states.filter((s) => s.kind === "live").length === 2);
      const post = await say("over the new one");
      await until("the post", () => postedOf(events, [post.id]).length === 1);
    });

    test("that says nothing after its end", async () => {
      const { line, events, states } = await connect();
      line.socket.stop();
      const before = [events.length, states.length];
      const other = await connect();
      const post = await say("nobody hears this");
      await other.until("the other one's", () => postedOf(other.events, [post.id]).length === 1);
      expect([events.length, states.length]).toEqual(before);
    });
  });
}

const postedOf = (events: readonly ChatEvent[], ids: readonly string[]): readonly string[] =>
  events.flatMap((e) => (e.type === "posted" && ids.includes(e.post.id) ? [e.post.id] : []));

/** Starts a socket and keeps what it says. `until` resolves as soon as `holds` does after something was said. */
function watch(socket: ChatSocket) {
  const events: ChatEvent[] = [];
  const states: SocketState[] = [];
  const checks = new Set<() => void>();
  const changed = (): void => {
    for (const check of checks) check();
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
  const until = (what: string, holds: () => boolean, withinMs = 20_000): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        checks.delete(check);
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`not seen: ${what}; states ${JSON.stringify(states)}`));
      }, withinMs);
      const check = (): void => {
        if (!holds()) return;
        end();
        resolve();
      };
      checks.add(check);
      check();
    });
  return { events, states, until };
}
