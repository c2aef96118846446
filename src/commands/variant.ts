import { renderChoices } from "../render/choices.ts";
import { inlineCode } from "../render/markdown/markup.ts";
import { hostCommand } from "./command.ts";
import { modelName } from "./model-search.ts";

/** The model's own. */
const DEFAULT = "default";

export const variant = hostCommand(
  "models",
  {
    name: "variant",
    aliases: ["variants", "thinking"],
    args: "[NAME]",
    group: "model",
    help: "show or choose how hard the model thinks",
    example: "!variant high",
  },
  async ({ args, thread }, list) => {
    const { model, variant: now = DEFAULT } = await thread.choices.next();
    if (!model) return "No model has answered here yet. `!model` chooses one.";
    const named = inlineCode(modelName(model));
    const offers = await list();
    const offer = offers.find((one) => modelName(one) === modelName(model));
    if (!offer || offer.variants.length === 0) {
      return `${named} has no variants to choose from. \`!model\` chooses another.`;
    }
    const names = [DEFAULT, ...offer.variants.filter((name) => name !== DEFAULT)];
    const chosen = names.find((name) => name.toLowerCase() === args.toLowerCase());
    if (chosen !== undefined) {
      await thread.choices.choose({ variant: chosen === DEFAULT ? "" : chosen });
      return `🧠 Variant ${inlineCode(chosen)} of ${named} from the next prompt on.`;
    }
    const lead = args === "" ? "" : `${named} has no variant ${inlineCode(args)}. `;
    const listed = names.map((name) => ({ value: name, about: "", isNow: name === now }));
    const text = renderChoices(`${lead}Choose a variant of ${named}:`, listed);
    return { text, choices: listed.length };
  },
);
