import { inlineCode } from "../render/markdown/markup.ts";
import { money, percent } from "../render/usage.ts";
import { threadCommand } from "./command.ts";

const grouped = (tokens: number): string => tokens.toLocaleString("en-US");

export const context = threadCommand(
  {
    name: "context",
    args: "",
    group: "look",
    help: "how full the model's context is, and what the session has cost",
    example: "!context",
  },
  async ({ thread }) => {
    const { tokens, limit, model, costUsd } = await thread.context();
    if (tokens === 0)
      return "Nothing is in the context yet: the first answer tells. A reply prompts the session.";
    const use = limit
      ? `**context ${percent(tokens, limit)}** · ${grouped(tokens)} of ${grouped(limit)} tokens`
      : `**context** ${grouped(tokens)} tokens`;
    const more = [model && inlineCode(model), costUsd > 0 && `${money(costUsd)} so far`];
    return `${[`🧠 ${use}`, ...more].filter(Boolean).join(" · ")}. \`!compact\` sums it up.`;
  },
);
