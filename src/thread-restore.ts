import type { Post } from "./models/chat.ts";
import type { StoredMessage } from "./models/host-event.ts";
import type { PostId } from "./models/ids.ts";
import { readPostMark } from "./models/post-key.ts";
import type { ThreadMapping } from "./models/thread-mapping.ts";
import type { Horizon } from "./models/thread-state.ts";
import type { HostPort } from "./ports.ts";
import type { ThreadRuntime } from "./thread-runtime.ts";

const MESSAGES_READ = 400;

/**
 * Brings an older thread to what OpenCode has stored: the last turn that the thread shows is finished if it was left
 * open, and turns that came after it are added. Resolves with the posts whose prompts OpenCode has stored.
 */
export async function restoreThread(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly posts: readonly Post[];
  readonly mapping: ThreadMapping;
}): Promise<ReadonlySet<PostId>> {
  const { runtime, host, posts, mapping } = deps;
  const { sessionId } = mapping;
  const status = await host.status(sessionId);
  const messages = await host.messages(sessionId, MESSAGES_READ);
  if (status.kind !== "idle" && runtime.state().run.kind === "idle") {
    runtime.apply({ type: "status", sessionId, status });
  }
  const horizon = horizonOf(messages, posts, mapping.createdAtMs);
  runtime.apply({ type: "restored", messages, horizon });
  return promptedPosts(messages);
}

/** The turns that ended while nothing could be posted, from where the state lost them on. */
export async function restoreSince(
  runtime: ThreadRuntime,
  host: HostPort,
  horizon: Horizon,
): Promise<void> {
  const messages = await host.messages(runtime.state().session.id, MESSAGES_READ);
  runtime.closeGap();
  runtime.apply({ type: "restored", messages, horizon });
}

const promptedPosts = (messages: readonly StoredMessage[]): ReadonlySet<PostId> =>
  new Set(
    messages.flatMap((m) =>
      m.parts.flatMap((part) => (part.kind === "text" && part.postId ? [part.postId] : [])),
    ),
  );

/** Just before the newest turn that has a post; before everything since the thread began where none has. */
function horizonOf(
  messages: readonly StoredMessage[],
  posts: readonly Post[],
  createdAtMs: number,
): Horizon {
  const keys = posts.flatMap((post) => readPostMark(post.props)?.key ?? []);
  const shown = new Set(keys.map((key) => key.split("/")[0]));
  const last = messages.findLast((m) => m.role === "user" && shown.has(m.message.id));
  return { createdMs: (last?.message.createdMs ?? createdAtMs) - 1, id: "" };
}
