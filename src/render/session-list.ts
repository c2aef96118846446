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

/** Of those that can come back, and that are over. */
const MAX_LISTED = 50;
const MAX_LIVE = 200;
const MAX_TITLE_CHARS = 120;
/** A longer list begins with its sum, and cuts titles for a phone. */
const LONG = 20;
const SHORT_TITLE_CHARS = 60;

/** A list, not a table, because tables do not fit on a phone. Those that need the person come first. */
export function renderSessionList(sessions: readonly Listed[], withEnded: boolean): string {
  const ended = sessions.filter((session) => session.ended);
  const live = sessions.filter((session) => !session.ended);
  const listed = [
    ...[...live].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_LIVE),
    ...(withEnded ? ended.slice(0, MAX_LISTED) : []),
  ];
  const maxTitleChars = listed.length > LONG ? SHORT_TITLE_CHARS : MAX_TITLE_CHARS;
  const sum = live.length > LONG ? [`**${live.length} sessions**: ${sumOf(live)}`] : [];
  const left = live.length + (withEnded ? ended.length : 0) - listed.length;
  const more = left > 0 ? [`and ${left} more`] : [];
  const hint =
    !withEnded && ended.length > 0 ? [`\`!sessions all\` adds ${ended.length} ended`] : [];
  const none =
    listed.length === 0
      ? ["No session is live. Start OpenCode, and its session appears here."]
      : [];
  const lines = listed.map((session) => line(session, maxTitleChars));
  return [...none, ...sum, ...lines, ...more, ...hint].join("\n");
}

/** Pure. How many of the live sessions need the person, work and are idle. */
export function sumOf(live: readonly Pick<Listed, "mark" | "needsUser">[]): string {
  const needing = live.filter(({ needsUser }) => needsUser).length;
  const working = live.filter(({ mark, needsUser }) => mark === "⏳" && !needsUser).length;
  const idle = live.filter(({ mark, needsUser }) => mark === "🟢" && !needsUser).length;
  const rest = live.length - needing - working - idle;
  return [
    ...(needing > 0 ? [`✋ ${needing} ${needing === 1 ? "needs" : "need"} you`] : []),
    ...(working > 0 ? [`⏳ ${working} ${working === 1 ? "works" : "work"}`] : []),
    ...(idle > 0 ? [`🟢 ${idle} idle`] : []),
    ...(rest > 0 ? [`▫️ ${rest} not looked at`] : []),
  ].join(" · ");
}

/** The sessions that can be brought back, each with the word to do it with. */
export function renderResumable(sessions: readonly (Listed & { readonly id: string })[]): string {
  if (sessions.length === 0) return "No session waits to be brought back.";
  const lines = sessions
    .slice(0, MAX_LISTED)
    .map((s) => `${line(s, MAX_TITLE_CHARS)} · \`!resume ${s.id.slice(-6)}\``);
  return ["Reply `!resume` in a thread, or here:", ...lines].join("\n");
}

const rank = (session: Listed): number => {
  if (session.needsUser) return 0;
  return session.mark === "⏳" ? 1 : 2;
};

function line(
  { mark, project, title, link, forMs, needsUser }: Listed,
  maxTitleChars: number,
): string {
  const label = `${linkLabel(project)} · ${linkLabel(clip(visibleText(title), maxTitleChars))}`;
  const age = needsUser ? `needs you for ${duration(forMs)}` : duration(forMs);
  return `${mark} [${label}](${link}) · ${age}`;
}
