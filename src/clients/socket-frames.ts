import { z } from "zod";
import type { ChatEvent } from "../models/chat.ts";
import { WirePost, WireReaction } from "./mattermost-wire.ts";

/** A frame of Mattermost's socket. `answer`: to a request of ours, a ping for one. */
export type Frame =
  | { readonly kind: "hello"; readonly seq: number; readonly connectionId: string }
  | { readonly kind: "event"; readonly seq: number; readonly event: ChatEvent | undefined }
  | { readonly kind: "answer" }
  | { readonly kind: "malformed" };

/** JSON inside JSON: the server sends posts and reactions as strings. */
const nested = <T>(schema: z.ZodType<T>) =>
  z.string().transform((text, context): T => {
    const parsed = schema.safeParse(jsonOrUndefined(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: "not what was expected inside" });
    return z.NEVER;
  });

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Posted = z.object({ post: nested(WirePost), channel_type: z.string().default("") });
const OnPost = z.object({ post: nested(WirePost) });
const OnReaction = z.object({ reaction: nested(WireReaction) });

const EVENTS: Readonly<Record<string, (data: unknown) => ChatEvent | undefined>> = {
  posted: (data) => {
    const d = Posted.safeParse(data).data;
    return d && { type: "posted", post: d.post, channelType: d.channel_type };
  },
  post_edited: (data) => {
    const d = OnPost.safeParse(data).data;
    return d && { type: "edited", post: d.post };
  },
  post_deleted: (data) => {
    const d = OnPost.safeParse(data).data;
    return d && { type: "post-deleted", post: d.post };
  },
  reaction_added: (data) => {
    const d = OnReaction.safeParse(data).data;
    return d && { type: "reaction-added", reaction: d.reaction };
  },
  reaction_removed: (data) => {
    const d = OnReaction.safeParse(data).data;
    return d && { type: "reaction-removed", reaction: d.reaction };
  },
};

const AnyFrame = z.object({
  event: z.string(),
  seq: z.number(),
  data: z.unknown(),
});
const Hello = z.object({ connection_id: z.string().default("") });
const Answer = z.object({ seq_reply: z.number() });

/** Never throws. */
export function readFrame(text: string): Frame {
  const raw = jsonOrUndefined(text);
  const frame = AnyFrame.safeParse(raw);
  if (!frame.success) {
    return Answer.safeParse(raw).success ? { kind: "answer" } : { kind: "malformed" };
  }
  const { event, seq, data } = frame.data;
  if (event === "hello") {
    return { kind: "hello", seq, connectionId: Hello.safeParse(data).data?.connection_id ?? "" };
  }
  const known = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  return { kind: "event", seq, event: known?.(data) };
}
