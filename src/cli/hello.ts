import { messageOf } from "../errors.ts";
import type { ChannelId, UserId } from "../models/ids.ts";
import type { ChatPort } from "../ports.ts";
import { type Finding, found } from "./findings/finding.ts";
import { HELLO } from "./findings/questions.ts";

/** By it the post is known again: it is said once, however often this runs. */
const MARK = "opencode_mattermost_hello";

/** The first post, which shows that all that was checked is true. Never rejects. */
export async function sayHello(
  chat: ChatPort,
  me: UserId,
  channelId: ChannelId,
  owner: string,
): Promise<Finding> {
  const wasSaid = async (): Promise<boolean> =>
    (await chat.recentPosts(channelId)).some(({ userId, props }) => userId === me && MARK in props);
  try {
    if (await wasSaid()) return found("hello.before", { owner });
    const pendingPostId = `${me}:${Date.now()}`;
    const post = { channelId, message: HELLO, props: { [MARK]: true }, pendingPostId };
    try {
      await chat.createPost(post, "interactive");
    } catch (error) {
      // An answer that was lost on the way: the post may be there.
      if (!(await wasSaid())) throw error;
    }
    return found("hello.said", { owner });
  } catch (error) {
    return found("hello.failed", { reason: messageOf(error) });
  }
}
