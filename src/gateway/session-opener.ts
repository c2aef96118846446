import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import type { InstanceId, SessionId } from "../models/ids.ts";
import type { SessionBegin } from "../models/session-begin.ts";
import type { Project } from "../models/session-line.ts";
import { shortPath } from "../models/short-path.ts";
import type { Clock, CommandPort, MappingStore, Worktrees } from "../ports.ts";
import { escapeText, inlineCode } from "../render/markdown/markup.ts";
import { filesNotGivenNotice, sessionGoneNotice } from "../render/notice.ts";
import { noWorktreeNotice, worktreeNotice } from "../render/worktree-notice.ts";
import { standingOf } from "../thread/standing.ts";

const SERVED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;
const MAX_WORDS_CHARS = 30;

/** A directory that this process serves, as the gateway needs it. */
export interface ServedDirectory {
  /** Another bridge serves the directory from now on. */
  stop(): void;
  /** What a session begins with, by words for it. Resolves with a text where those are not clear. */
  choose(wanted: Pick<SessionBegin, "model" | "agent">): Promise<PromptSettings | string>;
  /** Starts a session; `prompt` may be empty. Resolves with what could not be given to it of the files of `from`, each with why. */
  create(prompt: string, from?: Post, settings?: PromptSettings): Promise<readonly string[]>;
  /** `gone` where OpenCode does not have the session any more. */
  resume(id: SessionId): Promise<"resumed" | "gone">;
}

interface OpenerDeps {
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly served: (directory: string) => ServedDirectory | undefined;
  /** Makes OpenCode load a directory, and so this plugin for it. */
  readonly load: (directory: string) => Promise<void>;
  /** Whether a folder is there. */
  readonly isFolder: (directory: string) => Promise<boolean>;
}

interface StarterDeps extends OpenerDeps {
  readonly directories: () => readonly string[];
  /** Folders that the owner has named as projects, whether OpenCode has seen them or not. */
  readonly projectFolders: () => Promise<readonly string[]>;
  readonly worktrees: Pick<Worktrees, "create">;
  readonly home: string;
}

/** The bridge of a directory, opened by OpenCode where it is not yet; `undefined` where that does not work. */
async function openDirectory(
  deps: OpenerDeps,
  directory: string,
): Promise<ServedDirectory | undefined> {
  const { clock } = deps;
  const served = deps.served(directory);
  if (served) return served;
  await deps.load(directory);
  const untilMs = clock.now() + SERVED_WITHIN_MS;
  while (!deps.served(directory) && clock.now() < untilMs) {
    await new Promise<void>((resolve) => {
      clock.schedule(LOOK_EVERY_MS, resolve);
    });
  }
  return deps.served(directory);
}

const notOpened = (directory: string): string =>
  `OpenCode could not open ${inlineCode(directory)}. Look at OpenCode's log, then try again.`;

const folderGone = (directory: string): string =>
  `The folder ${inlineCode(directory)} is not there any more, so the session cannot go on. Put it back, then try again.`;

/** Of a worktree that any name will do for: as the prompt begins, and never the same for two posts. */
function worktreeName({ worktree = "", prompt }: SessionBegin, from: Post | undefined): string {
  if (worktree !== "") return worktree;
  const words = prompt
    .trim()
    .slice(0, MAX_WORDS_CHARS)
    .replace(/\s\S*$/, "");
  return `${words || "session"} ${from?.id.slice(-4) ?? ""}`;
}

/**
 * Starts sessions in known projects: those that had sessions, are being served or are named by the owner. `start` resolves with what
 * to tell the person.
 */
export function createSessionStarter(deps: StarterDeps): Pick<CommandPort, "projects" | "start"> {
  const projectOf = async (directory: string): Promise<Project> => ({
    name: directory.split(/[\\/]/).findLast(Boolean) ?? directory,
    directory,
    short: shortPath(directory, deps.home),
    isGone: !(await deps.isFolder(directory)),
  });

  /** Where the session works: in the project itself, or in a worktree of its own. Resolves with a text where that cannot be had. */
  async function placeOf(
    directory: string,
    served: ServedDirectory,
    begin: SessionBegin,
    from: Post | undefined,
  ): Promise<{ readonly served: ServedDirectory; readonly about: readonly string[] } | string> {
    if (begin.worktree === undefined) return { served, about: [] };
    let made: Awaited<ReturnType<Worktrees["create"]>>;
    try {
      made = await deps.worktrees.create(directory, worktreeName(begin, from));
    } catch (error) {
      return noWorktreeNotice(messageOf(error));
    }
    const about = worktreeNotice({ ...made, directory: shortPath(made.directory, deps.home) });
    const beside = await openDirectory(deps, made.folder);
    return beside ? { served: beside, about: [about] } : `${notOpened(made.folder)}\n${about}`;
  }

  return {
    async projects(): Promise<readonly Project[]> {
      const stored = [...(await deps.store.load())].sort((a, b) => b.updatedAtMs - a.updatedAtMs);
      const known = stored.map((mapping) => mapping.directory);
      const named = await deps.projectFolders();
      const all = new Set([...deps.directories(), ...known, ...named].filter(Boolean));
      return Promise.all([...all].map(projectOf));
    },
    async start({ name, directory }, begin, from) {
      const served = await openDirectory(deps, directory);
      if (!served) return notOpened(directory);
      const settings = await served.choose(begin);
      if (typeof settings === "string") return settings;
      const place = await placeOf(directory, served, begin, from);
      if (typeof place === "string") return place;
      const { prompt } = begin;
      const problems = await place.served.create(prompt, from, settings);
      return [
        `🟢 A new session in **${escapeText(name)}** begins: its thread appears here.`,
        ...place.about,
        ...(problems.length > 0 ? [filesNotGivenNotice(problems, prompt !== "")] : []),
      ].join("\n");
    },
  };
}

/** Brings sessions back that no other process has, in this process. Resolves with what to tell the person. */
export function createSessionResumer(
  deps: OpenerDeps & {
    readonly instanceId: InstanceId;
    readonly isAlive: (instance: InstanceId) => boolean;
  },
): (id: SessionId) => Promise<string> {
  const { store, clock } = deps;
  return async (id) => {
    const mapping = (await store.load()).find((m) => m.sessionId === id);
    if (!mapping) return "No thread of that session is known.";
    const { status, directory } = mapping;
    const isGone = !(await deps.isFolder(directory));
    if (status === "active" && standingOf(mapping, deps) === "theirs") {
      return "This session is live: reply in its thread to prompt it.";
    }
    if (isGone) return folderGone(directory);
    const served = await openDirectory(deps, directory);
    if (!served) return notOpened(directory);
    if ((await served.resume(id)) === "resumed")
      return "🟢 **Back** · reply in its thread to prompt it";
    await store.update(id, (stored) => {
      if (!stored) return stored;
      const { owner: _, ...rest } = stored;
      return { ...rest, status: "orphaned", updatedAtMs: clock.now() };
    });
    return sessionGoneNotice();
  };
}
