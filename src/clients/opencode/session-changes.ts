import { z } from "zod";
import type { FileDiff } from "../../models/host-offers.ts";
import type { MessageId } from "../../models/ids.ts";

const WireDiff = z.object({
  file: z.string(),
  additions: z.number().catch(0),
  deletions: z.number().catch(0),
  patch: z.string().catch(""),
});

const WireMessage = z.object({
  info: z.object({
    id: z.string(),
    role: z.literal("user"),
    summary: z.object({ diffs: z.array(z.unknown()) }),
  }),
});

/**
 * What a session changed, from its messages: OpenCode 1 keeps the changes of each prompt, and of the whole session none. A file
 * that several prompts changed has their changes one after the other.
 */
export function changesIn(raw: unknown, undoneFrom: MessageId | undefined): readonly FileDiff[] {
  const messages = z.array(z.unknown()).parse(raw);
  const prompts = messages.flatMap((each) => WireMessage.safeParse(each).data?.info ?? []);
  const end = prompts.findIndex(({ id }) => id === undoneFrom);
  const byPath = new Map<string, FileDiff>();
  for (const { summary } of end < 0 ? prompts : prompts.slice(0, end)) {
    for (const each of summary.diffs) {
      const { data } = WireDiff.safeParse(each);
      if (data) byPath.set(data.file, added(byPath.get(data.file), data));
    }
  }
  return [...byPath.values()];
}

function added(
  before: FileDiff | undefined,
  { file: path, additions, deletions, patch }: z.infer<typeof WireDiff>,
): FileDiff {
  if (!before) return { path, additions, deletions, patch };
  return {
    path,
    additions: before.additions + additions,
    deletions: before.deletions + deletions,
    patch: [before.patch.trimEnd(), patch].filter(Boolean).join("\n"),
  };
}
