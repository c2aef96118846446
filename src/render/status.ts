import type { BridgeStatus } from "../models/bridge-status.ts";
import type { SessionLine } from "../models/session-line.ts";
import { elapsed } from "./duration.ts";
import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";
import { sumOf } from "./session-list.ts";
import { counted } from "./usage.ts";

const MAX_FOLDERS = 20;
const MAX_PROBLEM_CHARS = 300;

/** How the connection between OpenCode and Mattermost stands. */
export function renderStatus(status: BridgeStatus, sessions: readonly SessionLine[]): string {
  const { version, connection, botName, ownerName, server } = status;
  return [
    `**opencode-mattermost ${version}** · ${connection} for ${elapsed(status.connectionForMs)} · ${latency(status)}`,
    `bot @${botName} · owner @${ownerName} · Mattermost ${server.version} at ${inlineCode(status.address)}`,
    sessionsLine(status, sessions),
    foldersLine(status),
    problemLine(status),
    `log ${inlineCode(status.log)} on this machine`,
  ]
    .filter(Boolean)
    .join("\n");
}

const latency = ({ latencyMs }: BridgeStatus): string =>
  latencyMs === undefined ? "the server does not answer" : `answers in ${Math.round(latencyMs)} ms`;

function sessionsLine({ queued }: BridgeStatus, sessions: readonly SessionLine[]): string {
  const live = sessions.filter(({ ended }) => !ended);
  const sum = sumOf(live);
  const waiting = queued > 0 ? ` · 📥 ${counted(queued, "prompt")} in queues` : "";
  return `${counted(live.length, "session")}${sum && `: ${sum}`}${waiting}`;
}

function foldersLine({ directories }: BridgeStatus): string {
  const more = directories.length - MAX_FOLDERS;
  const shown = directories.slice(0, MAX_FOLDERS).map(inlineCode).join(" ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function problemLine({ problem }: BridgeStatus): string {
  if (!problem) return "nothing went wrong since this OpenCode was started";
  const text = escapeText(clip(oneLine(problem.text), MAX_PROBLEM_CHARS));
  return `last logged problem, ${elapsed(problem.forMs)} ago: ${text}`;
}
