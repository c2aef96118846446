import type { ModelOffer } from "../models/host-offers.ts";

/** How a model is named in commands: `provider/model`. */
export const modelName = ({ provider, model }: Pick<ModelOffer, "provider" | "model">): string =>
  `${provider}/${model}`;

/** Pure. The models that are meant: by their whole name where one has it, else those with every word, as the beginning of one before anywhere. */
export function findModels(offers: readonly ModelOffer[], words: string): readonly ModelOffer[] {
  const wanted = words.trim().toLowerCase();
  const exact = offers.filter((offer) => modelName(offer).toLowerCase() === wanted);
  if (exact.length > 0) return exact;
  const named = offers.filter((o) => [o.model, o.name].some((n) => n.toLowerCase() === wanted));
  if (named.length > 0) return named;
  const parts = wordsIn(wanted);
  const begun = offers.filter((offer) => {
    const about = wordsIn(aboutOf(offer));
    return parts.every((part) => about.some((word) => word.startsWith(part)));
  });
  if (begun.length > 0) return begun;
  return offers.filter((offer) => {
    const about = wordsIn(aboutOf(offer)).join("");
    return parts.every((part) => about.includes(part));
  });
}

const aboutOf = (offer: ModelOffer): string =>
  `${modelName(offer)} ${offer.name} ${offer.providerName}`;

const wordsIn = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
