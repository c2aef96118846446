import type { ModelOffer } from "../models/host-offers.ts";
import { type Choice, MOST_CHOICES, renderChoices } from "../render/choices.ts";
import { escapeText, inlineCode } from "../render/markdown/markup.ts";
import { counted } from "../render/usage.ts";
import { type Answer, hostCommand, type ThreadPort } from "./command.ts";
import { findModels, modelName } from "./model-search.ts";

export const model = hostCommand(
  "models",
  {
    name: "model",
    aliases: ["models"],
    args: "[WORDS]",
    group: "model",
    help: "show or choose the model of this session; words search",
    example: "!model sonnet 4",
  },
  async ({ args, thread }, list) => {
    const offers = await list();
    const { model: used } = await thread.choices.next();
    const now = used ? modelName(used) : "";
    const found = findModels(offers, args);
    const [first, ...more] = found;
    if (!first) return `No model is like ${inlineCode(args)}. ${providers(offers)}`;
    if (args !== "" && more.length === 0) return choose(thread, first);
    const lead = now === "" ? "" : `The model is ${inlineCode(now)}. `;
    return found.length > MOST_CHOICES
      ? `${lead}${counted(found.length, "model")} fit: ${providers(found)}`
      : listed(`${lead}Choose another:`, found, now);
  },
);

async function choose(thread: ThreadPort, offer: ModelOffer): Promise<string> {
  const { provider, model: name, variants } = offer;
  await thread.choices.choose({ model: { provider, model: name }, variant: undefined });
  const harder = variants.length > 0 ? " `!variant` says how hard it thinks." : "";
  return `🧠 **${escapeText(offer.name)}** ${inlineCode(modelName(offer))} from the next prompt on.${harder}`;
}

function listed(lead: string, offers: readonly ModelOffer[], now: string): Answer {
  const choices = offers
    .filter((offer) => !modelName(offer).includes("`"))
    .map((offer): Choice => {
      const value = modelName(offer);
      return { value, about: offer.name, group: offer.providerName, isNow: value === now };
    });
  return { text: renderChoices(lead, choices), choices: choices.length };
}

/** How many models each has, and how to go on. */
function providers(offers: readonly ModelOffer[]): string {
  if (offers.length === 0) return "OpenCode has no model: `/connect` in its terminal adds some.";
  const counts = [...Map.groupBy(offers, ({ providerName }) => providerName)].map(
    ([name, models]) => `**${escapeText(name)}** ${models.length}`,
  );
  return `\`!model WORDS\` narrows it down. Models by provider: ${counts.join(" · ")}`;
}
