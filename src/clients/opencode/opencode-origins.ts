import { z } from "zod";

const Request = z.object({
  agent: z.unknown().optional(),
  model: z.unknown().optional(),
});

type Metadata = Record<string, unknown>;

/** A part of a prompt that is about to be stored. */
interface TextPart {
  readonly type: string;
  readonly text?: string;
  readonly synthetic?: boolean | undefined;
  metadata?: Metadata | undefined;
}

/**
 * Writes beside a prompt where it comes from, before OpenCode stores it: on OpenCode's own command line, or from a program. The
 * terminal's screen says with which agent and model a prompt shall run, and programs rarely do; elsewhere than in a terminal that
 * tells nothing, because every screen is a program there.
 */
export function markOrigin(
  request: unknown,
  parts: readonly TextPart[],
  mode: "terminal" | "run" | "server",
): void {
  const { data } = Request.safeParse(request);
  const isPlugin = mode === "terminal" && data?.agent === undefined && data?.model === undefined;
  const origin = mode === "run" ? "run" : isPlugin ? "plugin" : undefined;
  const first = parts.find(({ type, synthetic }) => type === "text" && !synthetic);
  if (!origin || !first || first.metadata?.["mattermost"] !== undefined) return;
  first.metadata = { ...first.metadata, mattermost: { origin } };
}
