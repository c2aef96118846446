import type { StandIn } from "./api.ts";
import { readArguments } from "./arguments.ts";
import { startStandIn } from "./stand-in.ts";

const command = readArguments(process.argv.slice(2));
if (typeof command === "string") fail(command, 2);

const standIn = await startStandIn(command.options).catch((error: unknown) => {
  const port = command.options.port;
  const reason = error instanceof Error ? error.message : String(error);
  return fail(`Cannot listen on port ${port} (${reason}). Give another one with --port.`, 1);
});
console.log(command.json ? describeAsJson(standIn) : describe(standIn));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => void standIn.stop().finally(() => process.exit(0)));
}

function accounts(running: StandIn) {
  const people = Object.values(running.users).filter((user) => user.id !== running.bot.id);
  return people.map(({ username, id, token }) => [username, { id, token }] as const);
}

function describeAsJson(running: StandIn): string {
  const { url, bot } = running;
  const users = Object.fromEntries(accounts(running));
  return JSON.stringify({ url, botToken: bot.token, botId: bot.id, users });
}

function describe(running: StandIn): string {
  const { url, bot } = running;
  const lines = accounts(running).map(([name, { token }]) => `  ${name}: token ${token}`);
  const login = `  ${bot.username} (the bot): token ${bot.token}`;
  return `A Mattermost stand-in listens on ${url}\n${[login, ...lines].join("\n")}\nCtrl-C ends it.`;
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
