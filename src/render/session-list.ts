import { duration } from "./duration.ts";
import { clip } from "./markdown/chars.ts";
import { linkLabel } from "./markdown/markup.ts";
import { visibleText } from "./markdown/visible-text.ts";

/** A session in a list; see `SessionLine` of the models. */
interface Listed {
  readonly mark: string;
  readonly project: string;
  readonly title: string;
  readonly link: string;
  readonly forMs: number;
  readonly needsUser: boolean;
  readonly ended: boolean;
}

const MAX_LISTED = 50;
const MAX_TITLE_CHARS = 120;

/** A list, not a table, because tables do not fit on a phone. Those that need the person come first. */
export function renderSessionList(sessions: readonly Listed[], withEnded: boolean): string {
  const ended = sessions.filter((session) => session.ended);
  const shown = withEnded ? sessions : sessions.filter((session) => !session.ended);
  const lines = [...shown].sort((a, b) => rank(a) - rank(b)).map(line);
  const more = lines.length > MAX_LISTED ? [`and ${lines.length - MAX_LISTED} more`] : [];
  const hint =
    !withEnded && ended.length > 0 ? [`\`!sessions all\` adds ${ended.length} ended`] : [];
  const none =
    lines.length === 0 ? ["No session is live. Start OpenCode, and its session appears here."] : [];
  return [...none, ...lines.slice(0, MAX_LISTED), ...more, ...hint].join("\n");
}

/** The sessions that can be brought back, each with the word to do it with. */
export function renderResumable(sessions: readonly (Listed & { readonly id: string })[]): string {
  if (sessions.length === 0) return "No session waits to be brought back.";
  const lines = sessions
    .slice(0, MAX_LISTED)
    .map((s) => `${line(s)} · \`!resume ${s.id.slice(-6)}\``);
  return ["Reply `!resume` in a thread, or here:", ...lines].join("\n");
}

const rank = (session: Listed): number => {
  if (session.ended) return 3;
  if (session.needsUser) return 0;
  return session.mark === "⏳" ? 1 : 2;
};

function line({ mark, project, title, link, forMs, needsUser }: Listed): string {
  const label = `${linkLabel(project)} · ${linkLabel(clip(visibleText(title), MAX_TITLE_CHARS))}`;
  const age = needsUser ? `needs you for ${duration(forMs)}` : duration(forMs);
  return `${mark} [${label}](${link}) · ${age}`;
}
