// A command is one file and one line: CONTRIBUTING shows it, and here it is done.
import { expect, test } from "bun:test";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createFakeCommandPort } from "../../support/fake-command-port.ts";
import { createIdleThread } from "../../support/idle-thread.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ROOMS = ["commands", "render", "models", "state", "errors.ts", "ports.ts"];

test("CONTRIBUTING's example works as it stands", async () => {
  const text = await Bun.file("CONTRIBUTING.md").text();
  const [, file = "", lines = ""] =
    /^ {4}\/\/ (src\/commands\/[a-z-]+\.ts)\n((?: {4}.*\n|\n)+)/m.exec(text) ?? [];
  const code = lines.replaceAll(/^ {4}/gm, "");
  const [, name = ""] = /export const (\w+)/.exec(code) ?? [];
  expect(name).not.toBe("");

  using folder = temporaryFolder();
  const { path } = folder;
  await mkdir(join(path, "src"));
  for (const room of ROOMS) {
    await cp(join("src", room), join(path, "src", room), { recursive: true });
  }
  await symlink(resolve("node_modules"), join(path, "node_modules"));
  await writeFile(join(path, file), code);
  const index = join(path, "src/commands/index.ts");
  const table = await Bun.file(index).text();
  const added = table.replace(/\[\n(?=[^[]*$)/, `[\n  ${name},\n`);
  await writeFile(index, `import { ${name} } from "./${file.split("/").at(-1)}";\n${added}`);

  const { COMMANDS } = await import(index);
  const { runCommand } = await import(join(path, "src/commands/command-handler.ts"));
  const { routeMessage } = await import(join(path, "src/commands/message-router.ts"));
  const [command] = COMMANDS;
  const said = { place: "thread", writtenMs: 0, bridge: createFakeCommandPort() };
  const where = { ...said, thread: createIdleThread() };
  const position = { place: "thread", status: "active" };
  const route = routeMessage(command.example, position, COMMANDS);
  expect(route).toMatchObject({ type: "command", command: { name: command.name } });
  expect((await runCommand(COMMANDS, route.command, where)).text).not.toMatch(
    /did not work|cannot/,
  );
  const help = await runCommand(COMMANDS, { name: "help", args: command.name }, where);
  expect(help.text).toContain(command.help);
});
