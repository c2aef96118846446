import { z } from "zod";
import type { ChatEvent } from "../../models/chat.ts";
import { WirePost, WireReaction } from "./mattermost-wire.ts";

/** A frame of Mattermost's socket. */
export type Frame =
  | { readonly kind: "hello"; readonly seq: number; readonly connectionId: string }
  /** `event` is absent where it is of no interest here. */
  | { readonly kind: "event"; readonly seq: number; readonly event: ChatEvent | undefined }
  /** An event of interest whose contents cannot be read; its number counts all the same. */
  | { readonly kind: "unreadable"; readonly seq: number }
  /** To a request of ours, a ping for one. `ok` is false where the server does not know us, say. */
  | { readonly kind: "answer"; readonly ok: boolean }
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
const Answer = z.object({ seq_reply: z.number(), status: z.string() });

/** Never throws. */
export function readFrame(text: string): Frame {
  const raw = jsonOrUndefined(text);
  const frame = AnyFrame.safeParse(raw);
  if (!frame.success) {
    const answer = Answer.safeParse(raw).data;
    return answer ? { kind: "answer", ok: answer.status === "OK" } : { kind: "malformed" };
  }
  const { event, seq, data } = frame.data;
  if (event === "hello") {
    return { kind: "hello", seq, connectionId: Hello.safeParse(data).data?.connection_id ?? "" };
  }
  const read = Object.hasOwn(EVENTS, event) ? EVENTS[event] : undefined;
  if (!read) return { kind: "event", seq, event: undefined };
  const known = read(data);
  return known ? { kind: "event", seq, event: known } : { kind: "unreadable", seq };
}
