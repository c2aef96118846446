import { firstSettings } from "../../src/bridge/first-settings.ts";
import type { ServedDirectory } from "../../src/gateway/session-opener.ts";
import { createStreet } from "./several-gateways.ts";

export const FOLDERS = [
  "/home/alice/code/client",
  "/home/alice/code/client portal",
  "/srv/client portal",
];

const offer = (provider: string, model: string) => ({
  provider,
  model,
  name: model,
  providerName: provider,
  variants: [],
  contextLimit: 0,
  hears: false,
});
/** What its OpenCode has. */
export const OFFERS = {
  models: async () => [
    offer("anthropic", "claude-sonnet-4-5"),
    offer("openai", "gpt-5"),
    offer("openai", "gpt-5-mini"),
  ],
  agents: async () => ["build", "plan"].map((name) => ({ name, description: "" })),
};

/** A process that serves these folders, and what was started in them. */
export async function createOffice(folders: readonly string[] = FOLDERS.slice(0, 2)) {
  const street = createStreet();
  const unseen = new Set<string>();
  const one = street.process("one", {
    load(folder) {
      if (!unseen.has(folder)) serve(folder);
    },
  });
  const started: string[] = [];
  const settings: unknown[] = [];
  function serve(folder: string): void {
    const served: ServedDirectory = {
      stop: () => undefined,
      choose: (wanted) => firstSettings(OFFERS, wanted),
      async create(prompt, _, chosen) {
        started.push(`${folder}: ${prompt}`);
        settings.push(chosen);
        return [];
      },
      resume: async () => "resumed",
    };
    one.serve(folder, served);
  }
  for (const folder of folders) serve(folder);
  await one.up();
  return {
    ...street,
    one,
    started,
    /** What each began with. */
    settings,
    /** Folders that OpenCode cannot open. */
    unseen,
    async says(text: string) {
      const post = await street.chat.say(text);
      await street.clock.advance(1_000);
      return street
        .answersTo(post.id)
        .map((answer) => answer.trim())
        .join("\n");
    },
  };
}
