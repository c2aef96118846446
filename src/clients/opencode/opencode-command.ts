/** `/mattermost` in OpenCode's terminal. */
export const TERMINAL_COMMAND = {
  name: "mattermost",
  description: "How this session is connected to Mattermost",
} as const;

interface CommandHooks {
  config(config: { command?: Record<string, Command> }): Promise<void>;
  "command.execute.before"(request: {
    readonly command: string;
    readonly sessionID: string;
  }): Promise<void>;
}

interface Command {
  readonly template: string;
  readonly description?: string;
}

/** Thrown to end the command without a turn: OpenCode has no other way. Where a command's error is shown, this is its answer. */
class CommandAnswered extends Error {
  override readonly name = "CommandAnswered";
}

/** Adds the command, unless the person has one of that name. `answer` shows how things are, and resolves with the words. */
export function createTerminalCommand(
  answer: (sessionId: string) => Promise<string>,
): CommandHooks {
  const { name, description } = TERMINAL_COMMAND;
  let isOurs = false;
  return {
    async config(config) {
      const commands = config.command ?? {};
      isOurs = commands[name] === undefined || commands[name].description === description;
      if (!isOurs) return;
      const template = "Tell me what the tool mattermost_status says.";
      config.command = { ...commands, [name]: { description, template } };
    },
    async "command.execute.before"({ command, sessionID }) {
      if (isOurs && command === name) throw new CommandAnswered(await answer(sessionID));
    },
  };
}
