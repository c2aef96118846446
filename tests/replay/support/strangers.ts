import { z } from "zod";
import type { StandIn } from "../../../src/playground/stand-in/stand-in.ts";
import type { Ids } from "./ids.ts";
import type { Entry } from "./transcript.ts";

/** Posts that somebody made whom the recording does not show: another program with the bot's token. */
export interface Strangers {
  /** Makes the post here when its first frame comes up in the recording. */
  repeat(standIn: StandIn, ids: Ids, entry: Entry): Promise<void>;
}

const posted = z.object({
  event: z.literal("posted"),
  data: z.object({ sender_name: z.string(), post: z.string() }),
});

const post = z.object({
  id: z.string(),
  channel_id: z.string(),
  root_id: z.string(),
  message: z.string(),
  type: z.string(),
});

/** Finds the posts of strangers: those that no recorded call made, the server's own left out. */
export function findStrangers(entries: readonly Entry[]): Strangers {
  const made = entries
    .flatMap((entry) => ("rest" in entry && entry.rest.path === "/posts" ? [entry.response] : []))
    .map((response) => JSON.stringify(response))
    .join();
  const done = new Set<string>();
  return {
    async repeat(standIn, ids, entry) {
      const frame = posted.safeParse("frame" in entry ? entry.frame : undefined);
      if (!frame.success) return;
      const { id, type, ...rest } = post.parse(JSON.parse(frame.data.data.post));
      if (made.includes(id) || type !== "" || done.has(id)) return;
      done.add(id);
      const sender = standIn.as(frame.data.data.sender_name.slice(1));
      await sender.call("POST", "/posts", JSON.parse(ids.live(JSON.stringify(rest))));
    },
  };
}
