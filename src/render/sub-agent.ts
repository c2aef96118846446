import type { SessionId } from "../models/ids.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { clip } from "./markdown/chars.ts";
import { escapeText } from "./markdown/markup.ts";
import { plainOutput } from "./markdown/plain-output.ts";

const MAX_CHARS = 80;

/** A sub-agent's title without the kind of agent, which OpenCode puts behind it. */
export function subAgentTitle(title: string): string {
  const text = title.trimEnd();
  const kindAt = text.lastIndexOf("(@");
  const endsWithKind = kindAt >= 0 && text.indexOf(")", kindAt) === text.length - 1;
  return endsWithKind ? text.slice(0, kindAt).trimEnd() : title;
}

/** ` · 🤖 list files` where a sub-agent asks; empty where the session itself does. */
export function askedBy(id: SessionId, { session, children }: ThreadState): string {
  if (id === session.id) return "";
  const title = subAgentTitle(children[id]?.title ?? "") || "sub-agent";
  return ` · 🤖 ${escapeText(clip(plainOutput(title), MAX_CHARS))}`;
}
