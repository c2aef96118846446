import type { SessionId } from "../models/ids.ts";
import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";
import { queueLeftNotice } from "./queue-notice.ts";
import { reasonOf } from "./reason.ts";
import { counted } from "./usage.ts";

const MAX_REASON_CHARS = 400;

/** A prompt written in the main DM, outside of every thread. */
export function mainDmPromptNotice(): string {
  return [
    "**Prompts not accepted in main DM**",
    "Reply in a session's thread to prompt that session (`!sessions` lists them), or start one: `!new PROJECT PROMPT`",
  ].join("\n");
}

/** A reply in a thread that belongs to no session. */
export function unknownThreadNotice(): string {
  return [
    "**Thread not recognized**",
    "No session belongs to it. `!sessions` in the main DM lists the threads that work.",
  ].join("\n");
}

/** A reply in a thread that its session does not have any more: it was made twice, or lost and made again. */
export function otherThreadNotice(link: string): string {
  return `**Not this thread**: its session goes on in [another one](${link}). Send your message there.`;
}

/** A reply in the thread of a session that was closed. */
export function sessionEndedNotice(id: SessionId): string {
  return [
    "**Session ended**",
    `\`!resume\` here brings it back, as does \`opencode -s ${id}\` in a terminal. Then send your message again.`,
  ].join("\n");
}

/** A reply in the thread of a session whose process died. */
export function sessionDisconnectedNotice(id: SessionId): string {
  return [
    "**Session disconnected**",
    `The OpenCode that ran it is gone. \`!resume\` here brings it back, as does \`opencode -s ${id}\` in its folder. Then send your message again.`,
  ].join("\n");
}

/** A reply in the thread of a session that OpenCode no longer has. */
export function sessionGoneNotice(): string {
  return [
    "**Session ended**",
    "It was deleted in OpenCode, so `!resume` cannot bring it back. `!new` in the main DM starts another.",
  ].join("\n");
}

/** The notice for a reply in a thread that takes no prompts. */
export function overNotice(status: "ended" | "disconnected" | "orphaned", id: SessionId): string {
  if (status === "orphaned") return sessionGoneNotice();
  return status === "ended" ? sessionEndedNotice(id) : sessionDisconnectedNotice(id);
}

/** The last post of a thread whose session ends. */
export function endedByNotice(
  how: "deleted" | "exited" | "unloaded",
  id: SessionId,
  queued = 0,
): string {
  if (how === "deleted") {
    const lost = queued === 0 ? "" : `, before ${counted(queued, "queued prompt")} could be run`;
    return `⚫ **Session ended** · it was deleted in OpenCode${lost}`;
  }
  const why = how === "exited" ? "OpenCode was closed" : "OpenCode has let go of its folder";
  return `⚫ **Session ended** · ${why}. \`!resume\` here brings it back, as does \`opencode -s ${id}\`${queueLeftNotice(queued)}`;
}

/** The owner ended it in its thread. */
export const endedHereNotice = (queued: number): string =>
  `⚫ **Session ended** · \`!resume\` here brings it back, and so does a prompt in OpenCode${queueLeftNotice(queued)}`;

/** OpenCode did not take a prompt. */
export function notAcceptedNotice(reason: string): string {
  return `❌ **Not sent**: ${sentence(reason)} Send it again; if this goes on, look at OpenCode's terminal.`;
}

/** OpenCode took a prompt, and then said why it will not have it. */
export function refusedNotice(reason: string): string {
  return `❌ **Not sent**: OpenCode refuses it: ${sentence(reason)} Mend that, then send it again.`;
}

/** A prompt of which it was not known whether OpenCode has it. */
export const arrivedNotice = (): string => "✓ **Sent** after all: the session has it now.";

/** OpenCode did not take pictures or the like as such. */
export function givenByPathNotice(names: readonly string[], reason: string): string {
  const files = names.map(inlineCode).join(", ");
  return `📎 **Given by path**: OpenCode cannot show ${files} to the model: ${sentence(reason)}`;
}

/** A reason from elsewhere, as a sentence in the middle of others. */
function sentence(reason: string): string {
  const text = escapeText(clip(oneLine(reasonOf(reason)), MAX_REASON_CHARS));
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** The owner stopped the session before a prompt of theirs had reached it. */
export function stoppedFirstNotice(): string {
  return "🛑 **Not sent**: you stopped the session before this had reached it. Send it again if you still want it.";
}

/** OpenCode did not say whether it has a prompt. */
export function maybeSentNotice(reason: string): string {
  return `❓ **Perhaps not sent**: ${sentence(reason)} See what the session does before you send it again.`;
}

/** A post whose text is too long for it, where the server refuses the file. */
export function noFileNotice(): string {
  return "⚠️ Mattermost did not take the file: see OpenCode's own screen.";
}

/** A command that is mistyped. */
export function didYouMeanNotice(typed: string, meant: string): string {
  return `There is no \`!${typed}\`: did you mean \`!${meant}\`? Nothing was sent to the session.`;
}

/** In place of what was asked about a message, which has been answered by an edit of it. */
export const asEditedNotice = (): string => "✏️ Acted on as you have edited it.";

/** The owner edits what has been acted on. */
export function editedTooLateNotice(): string {
  return "✏️ **This came too late**: your message was dealt with as you first wrote it. Send what you mean now as a new one.";
}

/** The owner deletes what the session has. */
export function deletedTooLateNotice(): string {
  return "🗑️ **This came too late**: the session has the message that you deleted. `!stop` ends what it does.";
}

/** Something that follows a command which takes nothing. */
export function needlessWordsNotice(name: string): string {
  return `Nothing was done: nothing may follow \`!${name}\` here. Send \`!${name}\` alone, or your sentence without the \`!\`.`;
}

/** A word that may be meant as a command, from somebody who sees the session work. */
export function meantNotice(name: string): string {
  return `Did you mean \`!${name}\`? Nothing was sent to the session.`;
}

/** A post in which nothing can be seen. */
export function blankNotice(): string {
  return "There is nothing in this message, so nothing was sent.";
}

/** A post made by Mattermost's `/me`. */
export function mePostNotice(): string {
  return "What `/me` posts is not acted on. Send it without `/me`.";
}

/** Files of a post that was something else than a prompt. */
export function filesNotTakenNotice(
  by: "an answer" | "a command",
  names: readonly string[],
): string {
  const lines = names.map((name) => `- ${inlineCode(name)}`);
  return [
    `📎 **Not given to the session**: ${by} takes no files. Send them by themselves:`,
    ...lines,
  ].join("\n");
}

/** Files that could not be given to the session, each with the reason. */
export function filesNotGivenNotice(problems: readonly string[], restGiven: boolean): string {
  const rest = restGiven ? " (the rest was)" : "";
  return [`📎 **Not given to the session**${rest}:`, ...problems.map((p) => `- ${p}`)].join("\n");
}

export function fileTooLargeNotice(name: string, sizeBytes: number, maxBytes: number): string {
  return `${inlineCode(name)} has ${megabytes(sizeBytes)}, more than the ${megabytes(maxBytes)} allowed. Send a smaller one, or raise \`maxFileBytes\`.`;
}

export function fileUnreadableNotice(name: string, reason: string): string {
  return `${inlineCode(name)} could not be fetched (${reason}). Send it again.`;
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 102.4) / 10} MB`;

/** So many replies are quoted; the notice fits into a post of any server. */
const LATE_SHOWN = 15;

/** Posts that came while no OpenCode ran and are too old to be run unasked. */
export function lateNotice(messages: readonly string[]): string {
  const lines = messages.slice(0, LATE_SHOWN).map((message) => `> ${clip(oneLine(message), 200)}`);
  const more = messages.length - lines.length;
  return [
    "**These came while OpenCode was not running** and were not sent to the session. ▶️ runs them now.",
    ...lines,
    ...(more > 0 ? [`> … and ${more} more`] : []),
  ].join("\n");
}

/** The owner has deleted all that was offered to be run. */
export const allDeletedNotice = (): string => "Nothing was run: you have deleted these messages.";

/** The process that ran the session died without a word. */
export function sessionLostNotice(id: SessionId, queued = 0): string {
  return `🔌 **Session disconnected** · the OpenCode that ran it is gone. \`!resume\` here brings it back, as does \`opencode -s ${id}\` in its folder.${queueLeftNotice(queued)}`;
}

/** The process of a session that was called disconnected was only suspended, and goes on. */
export const backNotice = (): string =>
  "🔌 **Session connected again** · the OpenCode that runs it was suspended and goes on.";

/** A command that came while nobody could run it, and is too old to be run unasked. */
export function tooLateNotice(minutes: number): string {
  return `Not run: it came ${minutes} min before an OpenCode was there to run it. Send it again if you still want it.`;
}

/** A session is being started. Replaced by what became of it. */
export const startingNotice = (project: string): string =>
  `⏳ Starting a session in **${escapeText(project)}** …`;

export const isStartingNotice = (message: string): boolean => message.startsWith("⏳");

/** The process that was starting a session died over it. */
export const startUnclearNotice = (): string =>
  "⚠️ The OpenCode that was starting this session is gone, and the session may have begun or not. `!sessions all` shows whether it did; send the command again if not.";

/** A reply in a thread of a session that is not live, from when no process was there to answer. */
export function waitsForResumeNotice(id: SessionId): string {
  return `This came while OpenCode was not running. \`!resume\` here brings the session back and runs it, as does \`opencode -s ${id}\` with its next prompt.`;
}

/** The owner switched everything off; by the time that this is said it may be on again. */
export const lockedNotice = (isOn: boolean): string =>
  isOn
    ? "🔒 **Locked**: nothing is acted on. `!unlock` ends it."
    : "🔒 **Not acted on**: everything was locked when you wrote this. Send it again if you still want it.";

/** A reaction that came while everything was switched off, or whose turn came then. */
export const lockedTapNotice = (emoji: string): string =>
  `🔒 :${emoji}: **was not done**: everything was locked. After \`!unlock\` take the reaction away and give it again.`;

/** OpenCode refuses all calls of its own plugin. */
export const notLetInNotice = (): string =>
  "⚠️ **OpenCode does not let this plugin in**, so what you write here does not reach the session. Restart OpenCode, and update the plugin if that does not help.";

/** What a reaction asked for could not be done. */
export const notDoneNotice = (reason: string): string =>
  `❌ **Not done**: ${reason}. Take the reaction away and give it again, or look at OpenCode's terminal.`;

/** Nobody can tell whether what a reaction asked for was done. */
export const perhapsDoneTapNotice = (reason: string): string =>
  `⚠️ **Perhaps done**: OpenCode did not say what came of it (${reason}). Look at the session before you ask for it again.`;
