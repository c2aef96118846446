import { shortSessionId } from "../models/ids.ts";
import type { SessionLine } from "../models/session-line.ts";
import { clip } from "../render/markdown/chars.ts";
import { escapeText } from "../render/markdown/markup.ts";
import { needlessWordsNotice } from "../render/notice.ts";
import { renderResumable } from "../render/session-list.ts";
import type { Command } from "./command.ts";

const MOST_TYPED_CHARS = 100;

export const resume: Command = {
  name: "resume",
  where: ["main", "thread"],
  args: "[SESSION]",
  group: "session",
  example: "!resume",
  help: "bring an ended or disconnected session back; in the main DM, without SESSION, list them",
  whenEnded: true,
  async run({ args, bridge, place, sessionId }) {
    if (place === "thread") {
      if (args !== "") return needlessWordsNotice("resume");
      return sessionId ? bridge.resume(sessionId) : "This session is live: reply to prompt it.";
    }
    const over = (await bridge.sessions()).filter((session) => session.ended);
    if (args === "") return renderResumable(over);
    const [found, ...more] = over.filter((session) => isMeant(session, args));
    if (!found)
      return `No ended session on this machine is like "${escapeText(clip(args, MOST_TYPED_CHARS))}". \`!resume\` lists them.`;
    if (more.length > 0) return renderResumable([found, ...more]);
    return bridge.resume(found.id);
  },
};

/** By id, by the end of the id, or by a part of project or title. */
function isMeant({ id, project, title }: SessionLine, words: string): boolean {
  const wanted = words.toLowerCase();
  return (
    id.toLowerCase() === wanted ||
    shortSessionId(id).toLowerCase() === wanted ||
    id.toLowerCase().endsWith(wanted) ||
    `${project} · ${title}`.toLowerCase().includes(wanted)
  );
}
