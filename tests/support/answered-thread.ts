import type { Post } from "../../src/models/chat.ts";
import { createBusyThread } from "./busy-thread.ts";
import { ROOT } from "./events.ts";

/** A thread whose session has answered these prompts. */
export async function createAnsweredThread(...texts: string[]) {
  const thread = await createBusyThread(false);
  const posts: Post[] = [];
  for (const text of texts) {
    posts.push(await thread.wrote(text));
    await thread.begin();
    await thread.end();
  }
  const { host, clock } = thread;
  return {
    ...thread,
    posts,
    undoneFrom: () => host.known.get(ROOT)?.undoneFrom,
    idOf: (text: string) =>
      host.stored
        .get(ROOT)
        ?.findLast(({ parts }) => parts.some((p) => p.kind === "text" && p.text === text))?.message
        .id,
    forks: () => [...host.known.keys()].filter((id) => id.startsWith("ses_fork")),
    promptsOf: (id: string) =>
      [...host.stored].flatMap(([session, messages]) =>
        session === id
          ? messages.flatMap(({ role, parts }) =>
              role === "user" ? parts.flatMap((p) => (p.kind === "text" ? p.text : [])) : [],
            )
          : [],
      ),
    async tapped(id: (typeof posts)[number], emoji: string) {
      await thread.react(id.id, emoji);
      await clock.advance(1_000);
    },
  };
}
