import { z } from "zod";
import type { Reply } from "./reply.ts";
import type { Script } from "./script.ts";

const failure = z.strictObject({
  status: z.int().min(400).max(599),
  message: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  code: z.string().optional(),
  times: z.int().positive().optional(),
});

const usage = z.strictObject({
  input: z.int(),
  output: z.int(),
  reasoning: z.int().optional(),
  cached: z.int().optional(),
});

const step = z.union(
  [
    z.strictObject({ text: z.string() }),
    z.strictObject({ reasoning: z.string() }),
    z.strictObject({ tool: z.string(), args: z.unknown() }),
    z.strictObject({ error: failure }),
    z.strictObject({ broken: z.literal(true) }),
    z.strictObject({ pauseMs: z.number().nonnegative() }),
    z.strictObject({ usage }),
    z.strictObject({ finish: z.string() }),
  ],
  {
    error:
      "A step is one of text, reasoning, tool with args, error, broken, pauseMs, usage, finish.",
  },
);

const replies = z.array(z.array(step)).min(1);

const rule = z
  .strictObject({ when: z.string().optional(), matches: z.string().optional(), replies })
  .refine(({ when, matches }) => (when === undefined) !== (matches === undefined), {
    error: 'A rule has either "when", how a prompt begins, or "matches", a pattern.',
  });

const scriptFile = z.strictObject({ rules: z.array(rule), otherwise: replies.optional() });

/** Absent members are left out rather than undefined. */
const asReplies = (parsed: z.infer<typeof replies>): readonly Reply[] =>
  JSON.parse(JSON.stringify(parsed));

/** Loads `{"rules": [{"when": "a beginning", "replies": [[{"text": "…"}]]}]}`; throws with every problem in it. */
export function loadScriptFile(script: Pick<Script, "on" | "otherwise">, json: string): void {
  const parsed = scriptFile.safeParse(JSON.parse(json));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  for (const { when, matches = "", replies: wanted } of parsed.data.rules) {
    script.on(when ?? new RegExp(matches), asReplies(wanted));
  }
  if (parsed.data.otherwise) script.otherwise(asReplies(parsed.data.otherwise));
}
