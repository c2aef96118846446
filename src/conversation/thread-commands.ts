import type { ThreadPort } from "../commands/command.ts";
import { runCommand } from "../commands/command-handler.ts";
import { COMMANDS } from "../commands/index.ts";
import type { Post } from "../models/chat.ts";
import type { HostOffers } from "../models/host-offers.ts";
import type { SessionId } from "../models/ids.ts";
import type { ParsedCommand } from "../models/routing.ts";
import type { CommandPort } from "../ports.ts";
import { filesNotTakenNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { ThreadRequests } from "./requests.ts";
import type { Stops } from "./stops.ts";

/** Runs a command in a thread. Resolves with what shows that: the bot's answer, or nothing but a mark. */
export type RunThreadCommand = (
  post: Post,
  command: ParsedCommand,
) => Promise<"answered" | "marked">;

export function createThreadCommands(deps: {
  readonly runtime: Pick<ThreadRuntime, "mark" | "say">;
  readonly host: HostOffers;
  readonly sessionId: SessionId;
  readonly bridge: CommandPort;
  readonly requests: Pick<ThreadRequests, "permission">;
  readonly stop: Stops["stop"];
  readonly answer: (post: Post, text: string) => void;
}): RunThreadCommand {
  const { runtime, bridge, requests, stop, answer } = deps;
  /** What commands may do here: each member is one thing that OpenCode does for a session. */
  const thread: ThreadPort = {
    sessionId: deps.sessionId,
    host: deps.host,
    stop,
    async answerPermission(given, writtenMs) {
      const result = await requests.permission(given, writtenMs);
      return result.kind === "unclear" ? result.text : result.kind;
    },
  };

  return async (post, parsed) => {
    const { createdMs: writtenMs } = post;
    const where = { place: "thread", bridge, thread, writtenMs } as const;
    const text = await runCommand(COMMANDS, parsed, where);
    const names = post.files.map(({ name }) => name);
    if (names.length > 0) {
      runtime.say(`files/${post.id}`, filesNotTakenNotice("a command", names));
    }
    if (text !== "") answer(post, text);
    else runtime.mark(post.id, "eyes");
    return text === "" ? "marked" : "answered";
  };
}
