import { expect, test } from "bun:test";
import { findModels, modelName } from "../../../src/commands/model-search.ts";
import type { ModelOffer } from "../../../src/models/host-offers.ts";

const offer = (provider: string, model: string, name: string): ModelOffer => ({
  provider,
  model,
  name,
  providerName: provider[0]?.toUpperCase() + provider.slice(1),
  variants: [],
  contextLimit: 0,
  hears: false,
});

const OFFERS = [
  offer("anthropic", "claude-sonnet-4-5", "Claude Sonnet 4.5"),
  offer("anthropic", "claude-sonnet-4", "Claude Sonnet 4"),
  offer("bedrock", "claude-sonnet-4-5", "Claude Sonnet 4.5 (Bedrock)"),
  offer("openai", "gpt-5", "GPT-5"),
  offer("openai", "gpt-5-mini", "GPT-5 mini"),
];

test.each([
  ["openai/gpt-5", ["openai/gpt-5"]],
  ["GPT-5", ["openai/gpt-5"]],
  ["gpt 5", ["openai/gpt-5", "openai/gpt-5-mini"]],
  ["mini", ["openai/gpt-5-mini"]],
  ["sonnet 4.5", ["anthropic/claude-sonnet-4-5", "bedrock/claude-sonnet-4-5"]],
  ["claude-sonnet-4-5", ["anthropic/claude-sonnet-4-5", "bedrock/claude-sonnet-4-5"]],
  ["Anthropic sonnet", ["anthropic/claude-sonnet-4-5", "anthropic/claude-sonnet-4"]],
  ["claude sonnet 4", ["anthropic/claude-sonnet-4"]],
  ["bedrock/sonnet", ["bedrock/claude-sonnet-4-5"]],
  ["", OFFERS.map(modelName)],
  ["gpt5mini", ["openai/gpt-5-mini"]],
  [
    "5",
    [
      "anthropic/claude-sonnet-4-5",
      "bedrock/claude-sonnet-4-5",
      "openai/gpt-5",
      "openai/gpt-5-mini",
    ],
  ],
  ["llama", []],
])("%j means %j", (words, names) => {
  expect(findModels(OFFERS, words).map(modelName)).toEqual(names);
});
