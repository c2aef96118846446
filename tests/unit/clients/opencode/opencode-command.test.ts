// `/mattermost` in OpenCode's terminal.
import { expect, test } from "bun:test";
import {
  createTerminalCommand,
  TERMINAL_COMMAND,
} from "../../../../src/clients/opencode/opencode-command.ts";

const answer = async (session: string): Promise<string> => `Connected, ${session}.`;
const asked = { command: "mattermost", sessionID: "ses_1" };

test("is added beside the person's own commands, and answered without a turn", async () => {
  const own = { review: { template: "Review it." } };
  const config: Parameters<ReturnType<typeof createTerminalCommand>["config"]>[0] = {
    command: own,
  };
  const hooks = createTerminalCommand(answer);
  await hooks.config(config);
  expect(config.command).toMatchObject({
    ...own,
    mattermost: { description: TERMINAL_COMMAND.description },
  });
  expect(hooks["command.execute.before"](asked)).rejects.toThrow("Connected, ses_1.");
  await hooks["command.execute.before"]({ ...asked, command: "review" });
});

test("OpenCode loads the plugin twice for a directory: both answer", async () => {
  const config = {};
  const loads = [createTerminalCommand(answer), createTerminalCommand(answer)];
  for (const load of loads) await load.config(config);
  for (const load of loads) {
    expect(load["command.execute.before"](asked)).rejects.toThrow("Connected");
  }
});

test("a command of that name that the person has stays theirs", async () => {
  const command = { mattermost: { template: "Write to the team." } };
  const config = { command };
  const hooks = createTerminalCommand(answer);
  await hooks.config(config);
  expect(config.command).toBe(command);
  await hooks["command.execute.before"](asked);
});
