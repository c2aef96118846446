import type { AgentOffer } from "../models/host-offers.ts";
import { renderChoices } from "../render/choices.ts";
import { inlineCode } from "../render/markdown/markup.ts";
import { hostCommand } from "./command.ts";

export const agent = hostCommand(
  "agents",
  {
    name: "agent",
    aliases: ["agents"],
    args: "[NAME]",
    group: "model",
    help: "show or choose the agent of this session",
    example: "!agent plan",
  },
  async ({ args, thread }, list) => {
    const offers = await list();
    const found = args === "" ? offers : findAgents(offers, args);
    const [first, ...more] = found;
    if (args !== "" && first && more.length === 0) {
      await thread.choices.choose({ agent: first.name });
      return `🤖 Agent ${inlineCode(first.name)} from the next prompt on.`;
    }
    const { agent: now = "" } = await thread.choices.next();
    const lead = first ? "" : `No agent is like ${inlineCode(args)}. `;
    const listed = (first ? found : offers).map(({ name, description }) => ({
      value: name,
      about: description,
      isNow: name === now,
    }));
    return { text: renderChoices(`${lead}Choose an agent:`, listed), choices: listed.length };
  },
);

/** Pure. The agents that are meant: by the whole name where one has it, else those with the words in theirs. */
export function findAgents(offers: readonly AgentOffer[], words: string): readonly AgentOffer[] {
  const wanted = words.toLowerCase();
  const exact = offers.filter(({ name }) => name.toLowerCase() === wanted);
  return exact.length > 0
    ? exact
    : offers.filter(({ name }) => name.toLowerCase().includes(wanted));
}
