import type { Post } from "../models/chat.ts";
import { asInstanceId, type InstanceId, type UserId } from "../models/ids.ts";
import { isRequestKey, readPostMark } from "../models/post-mark.ts";
import type { HostPort } from "../ports.ts";
import { goneRequest } from "../render/gone-request.ts";
import type { ThreadGateway } from "../thread/ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** What the thread asks that was not asked in this process: only the one that asked can take the answer. */
export interface AskedElsewhere {
  /**
   * Closes the posts of requests that nobody waits for any more, so that they do not go on asking: those of this process, and of
   * one that is dead or runs nothing more here (`isRunning`). Resolves with whether others are left.
   */
  look(posts: readonly Post[], from: InstanceId | undefined, isRunning: boolean): Promise<boolean>;
  /** Whether the post with this key is left to another process; without a key, whether any is. */
  has(key?: string): boolean;
}

interface Asking {
  readonly key: string;
  readonly id: string;
  /** The text of its post where nobody waits for an answer any more. */
  readonly message: string;
  /** The process that asked, where the post says so. */
  readonly by?: InstanceId;
}

/** What a post of ours asks; `undefined` where it asks nothing, or no more. */
function askedBy({ props, message }: Post): Asking | undefined {
  const mark = readPostMark(props);
  const gone = goneRequest(message);
  if (!mark || !isRequestKey(mark.key) || gone === undefined) return undefined;
  const by = mark.instance_id === undefined ? {} : { by: asInstanceId(mark.instance_id) };
  return { key: mark.key, id: mark.key.split("/")[1] ?? "", message: gone, ...by };
}

export function createAskedElsewhere(deps: {
  readonly runtime: Pick<ThreadRuntime, "state" | "say">;
  readonly host: Pick<HostPort, "permissions" | "questions">;
  readonly gateway: Pick<ThreadGateway, "instanceId" | "isAlive">;
  readonly me: UserId;
}): AskedElsewhere {
  const { runtime, host, gateway, me } = deps;
  let left: ReadonlySet<string> = new Set();

  function askingIn(posts: readonly Post[]): readonly Asking[] {
    const { permissions, questions } = runtime.state();
    const known = new Set([...permissions, ...questions].map(({ request }) => String(request.id)));
    return posts
      .filter((post) => post.userId === me)
      .flatMap((post) => askedBy(post) ?? [])
      .filter(({ id }) => !known.has(id));
  }

  return {
    async look(posts, from, isRunning) {
      const asking = askingIn(posts);
      const waiting =
        asking.length === 0 ? [] : [...(await host.permissions()), ...(await host.questions())];
      const others = asking.filter(({ id }) => !waiting.some((request) => request.id === id));
      const mayWait = ({ by = from }: Asking): boolean =>
        isRunning && by !== undefined && by !== gateway.instanceId && gateway.isAlive(by);
      for (const asked of others) if (!mayWait(asked)) runtime.say(asked.key, asked.message, []);
      left = new Set(others.filter(mayWait).map(({ key }) => key));
      return left.size > 0;
    },
    has: (key) => (key === undefined ? left.size > 0 : left.has(key)),
  };
}
