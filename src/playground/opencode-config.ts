import type { ModelInput } from "./opencode-home.ts";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merge(base: Json, over: Json): Json {
  const merged: Json = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return merged;
}

export interface ConfigSource {
  /** The scripted model's url. */
  readonly model: string;
  readonly input?: readonly ModelInput[];
  readonly plugin?: { readonly path: string; readonly options?: Json };
  readonly config?: Json;
}

/** The `opencode.json` of a process that talks to the scripted model only. */
export function openCodeConfig({ model, input = [], plugin, config = {} }: ConfigSource): Json {
  const base: Json = {
    model: "scripted/script",
    small_model: "scripted/script",
    enabled_providers: ["scripted"],
    autoupdate: false,
    share: "disabled",
    lsp: false,
    formatter: false,
    provider: {
      scripted: {
        npm: "@ai-sdk/openai-compatible",
        name: "Scripted",
        options: { baseURL: model, apiKey: "scripted" },
        models: {
          script: {
            name: "Script",
            tool_call: true,
            reasoning: true,
            attachment: input.length > 0,
            modalities: { input: ["text", ...input], output: ["text"] },
            limit: { context: 128_000, output: 8_000 },
          },
        },
      },
    },
    ...(plugin ? { plugin: [[plugin.path, plugin.options ?? {}]] } : {}),
  };
  return merge(base, config);
}
