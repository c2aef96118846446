import { createInbox } from "../../src/gateway/inbox.ts";
import type { Post } from "../../src/models/chat.ts";
import { asSessionId, type PostId } from "../../src/models/ids.ts";
import type { ThreadSink } from "../../src/thread/ports.ts";
import { endsClean } from "./ends-clean.ts";
import { createFakeChat } from "./fake-chat.ts";
import { createFakeSocket } from "./fake-socket.ts";
import { createMemoryLockSwitch } from "./memory-kill-switch.ts";
import { createRecordingLogger } from "./recording-logger.ts";
import { createWatchedClock } from "./watched-clock.ts";

/** An inbox of the bot and alice, its socket live, history behind it. */
export async function createInboxWorld(
  options: { readonly withClock?: boolean; readonly empty?: boolean } = {},
) {
  const clock = createWatchedClock();
  const chat = createFakeChat({ clock });
  const socket = createFakeSocket(chat);
  const elsewhere: string[] = [];
  const lock = createMemoryLockSwitch();
  const alice = chat.people["alice"];
  if (!alice) throw new Error("no alice");
  if (!options.empty) await chat.say("history");
  const inbox = createInbox({
    chat,
    latest: (await chat.recentPosts(chat.dm))[0],
    gate: { me: chat.bot.id, owner: alice.id, channelId: chat.dm },
    logger: createRecordingLogger(),
    ...(options.withClock !== false && { clock }),
    lock,
    onElsewhere: (post) => void elsewhere.push(post.message),
    onChangedElsewhere: (post, how) => void elsewhere.push(`${how} ${post.message}`),
  });
  socket.start({ event: inbox.event, state: inbox.socketState });
  socket.live();
  await clock.advance(1);
  endsClean({ advance: clock.advance, pending: clock.timers }, inbox.stop);
  const thread = (rootId: PostId) => {
    const got: string[] = [];
    const sink: ThreadSink = {
      sessionId: asSessionId("ses_1"),
      post: (post) => void got.push(post.message),
      reaction: (r, added) => void got.push(`${added ? "+" : "-"}${r.emoji}`),
      refuse: (r) => void got.push(`refused ${r.emoji}`),
      edited: (post) => void got.push(`edited ${post.message}`),
      deleted: (post) => void got.push(`deleted ${post.message}`),
      missed: () => void got.push("missed"),
      seen: (post) => void got.push(`own ${post.message}`),
      has: (id) => id === rootId,
      recheck: () => void got.push("recheck"),
      takeBack: async () => void got.push("take back"),
      rootDeleted: () => undefined,
      view: () => undefined,
    };
    return { got, unregister: inbox.register(rootId, sink) };
  };
  const bot = (message: string, rootId?: PostId): Promise<Post> =>
    chat.createPost(
      {
        channelId: chat.dm,
        message,
        props: {},
        pendingPostId: `${message}${chat.posts().length}`,
        ...(rootId && { rootId }),
      },
      "normal",
    );
  const says = async (message: string, rootId?: PostId): Promise<Post> => {
    await clock.advance(1);
    const post = await chat.say(message, rootId);
    await clock.advance(0);
    return post;
  };
  return { clock, chat, socket, inbox, elsewhere, lock, thread, bot, says };
}
