import type { CommandOffer } from "../models/host-offers.ts";
import { clip, oneLine } from "../render/markdown/chars.ts";
import { escapeText, inlineCode } from "../render/markdown/markup.ts";
import { hostCommand } from "./command.ts";

const LISTED = 30;
const MOST_CHARS = 100;

export const run = hostCommand(
  "commands",
  {
    name: "run",
    args: "[NAME ARGS]",
    group: "run",
    help: "run one of OpenCode's own commands or skills; without NAME, list them",
    example: "!run review the last commit",
    inTurn: true,
  },
  async ({ args, thread }, list) => {
    const offers = await list();
    const [, typed = "", rest = ""] = /^\/?(\S*)\s*([\s\S]*)$/.exec(args) ?? [];
    const name = typed.toLowerCase();
    const found = offers.find((offer) => offer.name.toLowerCase() === name);
    if (found) return thread.work.command(found.name, rest);
    if (offers.length === 0) return "This OpenCode has no commands of its own for `!run NAME`.";
    if (name === "") return listed("`!run NAME ARGS` runs one of these:", offers);
    const near = offers.filter((offer) => offer.name.toLowerCase().includes(name));
    return near.length > 0
      ? listed(
          `Nothing was run: ${inlineCode(typed)} may be one of these. \`!run NAME ARGS\` runs one:`,
          near,
        )
      : `Nothing was run: there is no command ${inlineCode(typed)}. \`!run\` lists them.`;
  },
);

function listed(lead: string, offers: readonly CommandOffer[]): string {
  const lines = offers.slice(0, LISTED).map(({ name, description }) => {
    const about = escapeText(clip(oneLine(description), MOST_CHARS));
    return `- ${[inlineCode(name), about].filter(Boolean).join(" ")}`;
  });
  const more = offers.length - lines.length;
  return [lead, ...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n");
}
