import type { ThreadPort } from "../commands/command.ts";
import { runCommand } from "../commands/command-handler.ts";
import { COMMANDS } from "../commands/index.ts";
import type { Post } from "../models/chat.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";
import type { ParsedCommand } from "../models/routing.ts";
import type { ChatPort, CommandPort, HostPort } from "../ports.ts";
import { filesNotTakenNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { type Choices, createChoices } from "./choices.ts";
import type { ThreadRequests } from "./requests.ts";
import type { SessionChoices } from "./session-choices.ts";
import type { Stops } from "./stops.ts";

/** The commands of one thread. */
export interface ThreadCommands {
  /** Resolves with what shows that it was run: the bot's answer, or nothing but a mark. */
  run(post: Post, command: ParsedCommand): Promise<"answered" | "marked">;
  readonly choices: Choices;
}

export function createThreadCommands(deps: {
  readonly runtime: ThreadRuntime;
  readonly bridge: CommandPort;
  readonly chat: Pick<ChatPort, "now" | "post" | "thread">;
  readonly requests: Pick<ThreadRequests, "permission">;
  readonly host: HostPort;
  readonly choices: SessionChoices;
  readonly stop: Stops["stop"];
}): ThreadCommands {
  const { runtime, host, bridge, requests, stop, chat } = deps;
  /** What commands may do here: each member is one thing that OpenCode does for a session. */
  const thread: ThreadPort = {
    sessionId: runtime.state().session.id,
    host,
    choices: deps.choices,
    stop,
    async answerPermission(given, writtenMs) {
      const result = await requests.permission(given, writtenMs);
      return result.kind === "unclear" ? result.text : result.kind;
    },
  };

  const runNow = (command: ParsedCommand, writtenMs: number) =>
    runCommand(COMMANDS, command, { place: "thread", bridge, thread, writtenMs });

  return {
    choices: createChoices({
      ...deps,
      run: (name, args) => runNow({ name, args }, chat.now()),
    }),
    async run(post, command) {
      const { text, choices = 0 } = await runNow(command, post.createdMs);
      const names = post.files.map(({ name }) => name);
      if (names.length > 0) {
        runtime.say(`files/${post.id}`, filesNotTakenNotice("a command", names));
      }
      if (text === "") {
        runtime.mark(post.id, "eyes");
        return "marked";
      }
      const few = choices <= OPTION_MARKS.length ? choices : 0;
      const marks = OPTION_MARKS.slice(0, few).map(({ name }) => name);
      const kind = choices > 0 ? `/${command.name}` : "";
      runtime.say(`reply/${post.id}${kind}`, text, ...(few > 0 ? [marks] : []));
      return "answered";
    },
  };
}
