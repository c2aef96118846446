import { isRefusal } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { Identity } from "../../models/identity.ts";
import type { InstanceId } from "../../models/ids.ts";
import { readPostMark } from "../../models/post-mark.ts";
import type { Project } from "../../models/session-line.ts";
import type { ChatPort, Clock, CommandPort, Logger } from "../../ports.ts";
import { postTexts } from "../../render/finished-post.ts";
import { isStartingNotice, startingNotice, startUnclearNotice } from "../../render/notice.ts";
import type { PostWriter } from "../../thread/posting/post-writer.ts";
import { untilDone } from "../../timing/retry.ts";

/**
 * Starts of sessions, each for one post of the owner and once. A post says first that it begins: Mattermost makes one of those,
 * however many ask for it, and its props tell whose it is. It outlives its process, and what became of it is written into it.
 */
export interface SessionStarts {
  /**
   * Runs a command that may start a session. Resolves with what is still to be answered, empty where the post says it or where
   * it is another machine's to say. Rejects where the bridge was stopped before that was known.
   */
  run(
    post: Post,
    isLate: boolean,
    command: (start: CommandPort["start"]) => Promise<string>,
  ): Promise<string>;
  /** The process that began this start is gone. Resolves as above. */
  abandon(begun: Post): Promise<string>;
}

/** Begun on this machine, and not said what became of it. */
export const isOpenStart = ({ props, message }: Post, machineId: string): boolean => {
  const mark = readPostMark(props);
  const isStart = mark?.key.startsWith("start/") && isStartingNotice(message);
  return Boolean(isStart) && mark?.machine_id === machineId;
};

export function createSessionStarts(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: Identity;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  readonly bridge: CommandPort;
  readonly writer: PostWriter;
  readonly isStopped: () => boolean;
  /** What to say where Mattermost took the word that it begins only so much later; empty where that is soon enough. */
  readonly afterWaiting: (waitedMs: number) => string;
}): SessionStarts {
  const { chat, clock, logger, identity, instanceId, machineId } = deps;

  async function begin(post: Post, project: Project, isLate: boolean): Promise<Post> {
    const result = await deps.writer.write({
      channelId: post.channelId,
      mark: {
        key: `start/${post.id}`,
        session_id: "",
        machine_id: machineId,
        instance_id: instanceId,
      },
      message: startingNotice(project.name),
      urgency: "interactive",
      searchFirst: isLate,
    });
    if (result.kind === "written") return result.post;
    throw result.kind === "gone" ? result.error : stoppedError();
  }

  /** Resolves with what of the text the server does not let be written there. */
  async function finish(begun: Post, text: string): Promise<string> {
    const [first = "", ...more] = postTexts(text, identity.limits.maxPostChars);
    const retry = { clock, logger, stopped: deps.isStopped };
    const left = await untilDone("saying what became of a start", retry, async () => {
      try {
        await chat.editPost(begun.id, first, "interactive");
        return more.join("");
      } catch (error) {
        if (isRefusal(error)) return text;
        throw error;
      }
    });
    if (left === undefined) throw stoppedError();
    return left;
  }

  return {
    async run(post, isLate, command) {
      const sinceMs = clock.now();
      let begun: Post | undefined;
      const text = await command(async (project, options) => {
        const found = await begin(post, project, isLate);
        const isMine = readPostMark(found.props)?.instance_id === instanceId;
        if (!isMine && !isOpenStart(found, machineId)) return "";
        begun = found;
        if (!isMine) return startUnclearNotice();
        const tooLate = deps.afterWaiting(clock.now() - sinceMs);
        if (tooLate) return tooLate;
        logger.info(`@${identity.owner.username} starts a session in ${project.directory}`, {
          post: post.id,
        });
        return deps.bridge.start(project, options, post);
      });
      return begun && text ? finish(begun, text) : text;
    },
    abandon: (begun) => finish(begun, startUnclearNotice()),
  };
}

const stoppedError = (): Error => new Error("the bridge was stopped before it could answer");
