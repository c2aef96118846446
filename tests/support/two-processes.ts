import { createLiveThread } from "../../src/bridge/live-thread.ts";
import type { Post, Reaction } from "../../src/models/chat.ts";
import { asInstanceId, type InstanceId, type PostId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import type { Hear } from "../../src/ports.ts";
import type { ThreadGateway, ThreadSink } from "../../src/thread/ports.ts";
import { createPostWriter } from "../../src/thread/posting/post-writer.ts";
import { createLifetime } from "../../src/timing/lifetime.ts";
import { endsClean } from "./ends-clean.ts";
import { aSession, NOW } from "./events.ts";
import { createFakeChat } from "./fake-chat.ts";
import { createFakeCommandPort } from "./fake-command-port.ts";
import { createFakeHost } from "./fake-host.ts";
import { createLife } from "./life.ts";
import { createManualClock } from "./manual-clock.ts";
import { createMemoryLockSwitch } from "./memory-kill-switch.ts";
import { createMemoryMappingStore } from "./memory-mapping-store.ts";
import { createRecordingLogger } from "./recording-logger.ts";

/** Several OpenCode processes on one database, one bot and one mappings file, all with the same session. */
export async function createHouse(about: { readonly hear?: Hear } = {}) {
  const clock = createManualClock(NOW);
  const chat = createFakeChat({ clock });
  const store = createMemoryMappingStore();
  const lock = createMemoryLockSwitch();
  const host = createFakeHost(clock.now);
  const session = host.add(aSession());
  const dead = new Set<InstanceId>();
  const besides: { readonly title: string; readonly notice: string }[] = [];
  const sinks = new Set<ThreadSink>();
  const alice = chat.people["alice"];
  if (!alice) throw new Error("There is no alice.");
  const limits = await chat.limits();
  const identity = { me: chat.bot, owner: alice, channelId: chat.dm, limits };

  chat.listen((event) => {
    if (event.type !== "posted" && event.type !== "edited") return;
    for (const sink of [...sinks]) sink.seen(event.post);
  });

  const stops: (() => void)[] = [];
  endsClean(clock, () => {
    for (const stop of stops) stop();
  });

  const acting = new Map<string, Set<PostId>>();
  function actingIn(name: string): Set<PostId> {
    const known = acting.get(name) ?? new Set();
    acting.set(name, known);
    return known;
  }

  /** Begins to answer for the session, whoever did so before. */
  async function process(name: string, takeOver = true) {
    const instance = asInstanceId(name);
    const logger = createRecordingLogger();
    const life = createLife(clock);
    const own = { chat: life.through(chat), store: life.through(store), clock: life.clock };
    const outlasting = createLifetime(own.clock);
    const owed = createPostWriter({ ...own, logger, me: chat.bot.id });
    const ownHost = { ...host };
    let lost = 0;
    let rendered = 0;
    const gateway: ThreadGateway = {
      chat: own.chat,
      url: limits.siteUrl,
      store: own.store,
      files: { save: async () => ({ path: "/tmp/file", url: "file:///tmp/file" }) },
      maxFileBytes: 1_000,
      hear: about.hear,
      opensThreads: true,
      acting: actingIn(name),
      instanceId: instance,
      machineId: "machine",
      isAlive: (id) => !dead.has(id),
      lock,
      stateChanged: () => undefined,
      postOwed: (post) => void owed.write(post),
      ready: async () => ({
        identity,
        commands: createFakeCommandPort(),
        context: {
          chat: own.chat,
          socket: { typing: () => undefined },
          clock: outlasting,
          logger,
          me: chat.bot.id,
          limits,
          // Read once for each rendering of a thread.
          get verbosity() {
            rendered++;
            return "normal" as const;
          },
          requestsPerSecond: 8,
          streaming: () => 1,
          utcOffsetMinutes: 0,
        },
      }),
      register(_, sink) {
        sinks.add(sink);
        return () => void sinks.delete(sink);
      },
    };
    const entry = createLiveThread(
      {
        gateway,
        host: life.through(ownHost),
        clock: own.clock,
        logger,
        project: "project",
        shortPath: (path) => path,
        openBeside: async (session, notice) => {
          besides.push({ title: session.title, notice });
          return `${limits.siteUrl}/_redirect/pl/${session.id}`;
        },
        tellAsked: () => undefined,
        look: async () => ({ kind: "refused", why: "is not there" }),
      },
      {
        session,
        horizonMs: NOW,
        takeOver,
        onDeleted: () => undefined,
        onLost() {
          lost++;
          entry.stop();
        },
      },
    );
    stops.push(entry.stop, owed.stop, outlasting.end);
    await clock.advance(1_000);
    return {
      entry,
      /** Its own way into the OpenCode that all share. */
      host: ownHost,
      lost: () => lost,
      /** How often its threads were rendered. */
      rendered: () => rendered,
      /** As by SIGKILL. */
      die() {
        dead.add(instance);
        life.kill();
        entry.stop();
      },
    };
  }

  const mapping = () => {
    const found = store.threads.get(session.id);
    if (!found?.rootPostId) throw new Error("The session has no thread yet.");
    return { ...found, rootPostId: found.rootPostId };
  };
  const deliver = (post: Post): void => {
    for (const sink of [...sinks]) sink.post(post);
  };
  return {
    clock,
    chat,
    store,
    lock,
    host,
    session,
    identity,
    mapping,
    process,
    /** The newest notice that offers late replies. */
    offer(): Post {
      const found = chat.posts().findLast(({ message }) => message.includes("▶️ runs them now"));
      if (!found) throw new Error("Nothing is offered.");
      return found;
    },
    deliver,
    /** The sessions that were opened beside this one, with what their threads say. */
    besides,
    /** The owner writes in the thread; every process that listens there hears it. */
    async say(text: string): Promise<Post> {
      const post = await chat.say(text, mapping().rootPostId);
      deliver(post);
      return post;
    },
    /** The owner reacts; as above. */
    async react(id: PostId, emoji: string): Promise<void> {
      const reaction = { postId: id, userId: alice.id, emoji, createdMs: clock.now() };
      await chat.as("alice").react(alice.id, id, emoji);
      for (const sink of [...sinks]) if (sink.has(id)) sink.reaction(reaction, true);
    },
    /** A tap as it comes over the socket, once more. */
    deliverTap(tap: Omit<Reaction, "userId">): void {
      for (const sink of [...sinks]) {
        if (sink.has(tap.postId)) sink.reaction({ ...tap, userId: alice.id }, true);
      }
    },
    /** The owner edits a post; as above. */
    async edit(id: PostId, message: string): Promise<void> {
      const post = await chat.as("alice").editPost(id, message, "normal");
      for (const sink of [...sinks]) sink.edited(post);
    },
    /** Something of a post changes that is not its text: it is pinned, say. */
    touch(id: PostId): void {
      const post = chat.posts().find((each) => each.id === id);
      if (post) for (const sink of [...sinks]) sink.edited(post);
    },
    /** The owner deletes a post; as above. */
    async remove(id: PostId): Promise<void> {
      const post = chat.posts().find((each) => each.id === id);
      if (!post) throw new Error(`There is no post ${id}.`);
      await chat.as("alice").deletePost(id);
      for (const sink of [...sinks]) sink.deleted({ ...post, deleted: true });
    },
    /** The sockets of all were deaf for a while. */
    recheck(): void {
      for (const sink of sinks) sink.recheck();
    },
    prompts: () => host.prompts.map(({ prompt }) => prompt.text),
    /** What the bot wrote in the thread. */
    answers: () =>
      chat
        .posts()
        .filter(({ userId, rootId, deleted }) => userId === chat.bot.id && rootId && !deleted)
        .map(({ message }) => message),
    /** What the bot answered to one of them. */
    answersTo: (id: PostId) =>
      chat
        .posts()
        .filter(({ props }) => readPostMark(props)?.key === `reply/${id}`)
        .map(({ message }) => message),
    /** The bot's marks under a post. */
    marks: (id: PostId) =>
      chat
        .posts()
        .find((post) => post.id === id)
        ?.reactions.map(({ emoji }) => emoji),
  };
}
