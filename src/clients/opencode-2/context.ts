import { z } from "zod";

type Call = (input: Readonly<Record<string, unknown>>) => Promise<unknown>;

/**
 * What OpenCode 2 hands to a plugin's `setup`, as far as it is used here. Inputs and outputs cross JSON; outputs are checked where
 * they are read.
 */
export interface PluginContext {
  readonly options?: unknown;
  readonly location: { readonly directory: string };
  readonly event: {
    subscribe(input: { readonly signal: AbortSignal }): AsyncIterable<unknown>;
  };
  readonly session: {
    readonly create: Call;
    readonly get: Call;
    readonly prompt: Call;
    readonly synthetic: Call;
    readonly interrupt: Call;
    readonly context: Call;
    readonly update: Call;
    readonly switchAgent: Call;
    readonly switchModel: Call;
  };
  readonly model?: { readonly list: Call };
  readonly provider?: { readonly list: Call };
  readonly agent?: { readonly list: Call };
  readonly command?: { readonly list: Call };
  readonly vcs?: { readonly get: Call };
  readonly permission: { readonly list: Call; readonly reply: Call };
  readonly tool?: { transform(change: (editor: ToolEditor) => void): Promise<unknown> };
}

interface ToolEditor {
  add(tool: Readonly<Record<string, unknown>>): void;
}

const callable = z.custom<unknown>((value) => typeof value === "function");

/** Another OpenCode, and OpenCode 2 in some of its modes, calls `setup` with less than this. */
const Full = z.looseObject({
  location: z.looseObject({ directory: z.string().min(1) }),
  event: z.looseObject({ subscribe: callable }),
  session: z.looseObject({
    create: callable,
    get: callable,
    prompt: callable,
    interrupt: callable,
    context: callable,
    update: callable,
  }),
  permission: z.looseObject({ list: callable, reply: callable }),
});

/** Whether `setup` was called by a host that this plugin can work in. Never throws. */
export function isFullContext(context: unknown): context is PluginContext {
  try {
    return Full.safeParse(context).success;
  } catch {
    return false;
  }
}
