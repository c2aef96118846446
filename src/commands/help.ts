import { noSuchCommandNotice, usageOf } from "../render/command-notice.ts";
import { inlineCode } from "../render/markdown/markup.ts";
import { COMMAND_GROUPS, type Command, type CommandContext } from "./command.ts";
import { isNearMiss, namesOf } from "./command-names.ts";

export const help: Command = {
  name: "help",
  where: ["main", "thread"],
  args: "[NAME]",
  group: "bridge",
  help: "what works here; with NAME, what one command does",
  example: "!help stop",
  whenEnded: true,
  atOnce: true,
  async run(context) {
    const name = context.args.replace(/^[!！]\s*/, "").toLowerCase();
    return name === "" ? list(context) : explained(name, context);
  },
};

const TAPS =
  "**Taps** · 🛑 stop · on a prompt 🔁 again, ↩️ undo, 🔀 fork · on a queued one ❌ take it out";

function list({ commands, place }: CommandContext): string {
  const here = commands.filter((command) => command.where.includes(place));
  const lines = Object.entries(COMMAND_GROUPS).flatMap(([group, title]) => {
    const names = here.filter((c) => c.group === group).map((c) => inlineCode(`!${c.name}`));
    return names.length > 0 ? [`**${title}** · ${names.join(" ")}`] : [];
  });
  const lead =
    place === "thread"
      ? "**In this thread** a reply prompts its session. Besides:"
      : "**Here** commands work; a reply in a session's thread prompts that session.";
  const taps = place === "thread" ? [TAPS] : [];
  return [lead, ...lines, ...taps, "`!help NAME` tells of one, for example `!help stop`"].join(
    "\n",
  );
}

function explained(name: string, { commands, place, thread }: CommandContext): string {
  const found = commands.filter((command) => namesOf(command).includes(name));
  const command = found.find(({ where }) => where.includes(place)) ?? found[0];
  if (!command) {
    const near = commands.find((c) => namesOf(c).some((known) => isNearMiss(name, known)));
    return noSuchCommandNotice(name, near?.name ?? "");
  }
  const { aliases = [], needs, where } = command;
  const elsewhere = where.includes("main") ? "in the main DM only" : "in a session's thread only";
  const notes = [
    ...(aliases.length > 0 ? [`also ${aliases.map((a) => inlineCode(`!${a}`)).join(", ")}`] : []),
    ...(where.includes(place) ? [] : [elsewhere]),
    ...(needs && thread && !thread.host[needs] ? ["this OpenCode cannot do that"] : []),
  ];
  return [
    [`${usageOf(command)} – ${command.help}`, ...notes].join(" · "),
    `For example: ${inlineCode(command.example)}`,
  ].join("\n");
}
