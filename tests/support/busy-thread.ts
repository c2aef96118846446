import type { Post } from "../../src/models/chat.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { createAskingThread } from "./asking-thread.ts";
import { failed, ROOT, reply, status } from "./events.ts";

/** A thread whose session works on something. */
export async function createBusyThread(isBusy = true) {
  const thread = await createAskingThread();
  const { host, entry, clock, chat, say, runsNewest, react } = thread;
  let runs = entry;

  async function begin(): Promise<void> {
    await clock.advance(100);
    runsNewest(runs);
    await clock.advance(100);
  }

  /** The newest turn ends: with its answer, or otherwise. */
  async function end(how: "answered" | "failed" = "answered"): Promise<void> {
    const prompt = host.stored.get(ROOT)?.findLast(({ role }) => role === "user");
    if (!prompt) throw new Error("Nothing was prompted.");
    const { id } = prompt.message;
    const finished = { finished: true, completedMs: clock.now() };
    if (how === "failed") runs.runtime.apply(failed("provider", "out of credit"));
    else runs.runtime.apply(reply(`${id}-a`, id, finished));
    host.statuses.set(ROOT, { kind: "idle" });
    runs.runtime.apply(status("idle"));
    await clock.advance(1_000);
  }

  const found = (pattern: RegExp): Post => {
    const post = chat.posts().findLast(({ message }) => pattern.test(message));
    if (!post) throw new Error(`Nothing says ${pattern}.`);
    return post;
  };
  async function wrote(text: string): Promise<Post> {
    const post = await say(text);
    await clock.advance(100);
    return post;
  }
  if (isBusy) {
    await wrote("first");
    await begin();
  }
  return {
    ...thread,
    begin,
    end,
    found,
    wrote,
    marksOf: ({ id }: Post) =>
      chat
        .posts()
        .find((post) => post.id === id)
        ?.reactions.filter(({ userId }) => userId === chat.bot.id)
        .map(({ emoji }) => emoji),
    /** By SIGKILL, and with it what ran. */
    die() {
      thread.die();
      host.statuses.set(ROOT, { kind: "idle" });
    },
    reactOn: (pattern: RegExp, emoji: string) => react(found(pattern).id, emoji),
    /** Another process goes on with the thread. */
    async takenOver(name = "b") {
      const { entry: next } = await thread.process(name);
      runs = next;
      await clock.advance(2_000);
    },
    answerTo: (post: Post) =>
      chat.posts().find(({ props }) => readPostMark(props)?.key.split("/")[1] === post.id)?.message,
  };
}
