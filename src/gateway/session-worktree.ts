import { messageOf } from "../errors.ts";
import type { SessionId } from "../models/ids.ts";
import type { Worktree } from "../models/session-begin.ts";
import { shortPath } from "../models/short-path.ts";
import type { CommandPort, MappingStore, Worktrees } from "../ports.ts";
import {
  noWorktreeHereNotice,
  worktreeGoneNotice,
  worktreeInUseNotice,
  worktreeOfferNotice,
  worktreeRemovedNotice,
  worktreeStaysNotice,
} from "../render/worktree-notice.ts";

/** The worktree that a session was begun in, when the session is over. One that others made is not spoken of. */
export function createSessionWorktree(deps: {
  readonly store: Pick<MappingStore, "load">;
  readonly worktrees: Pick<Worktrees, "made" | "isClean" | "remove">;
  readonly isFolder: (directory: string) => Promise<boolean>;
  readonly home: string;
}): Pick<CommandPort, "worktreeOffer" | "removeWorktree"> {
  const { store, worktrees } = deps;
  const shown = ({ directory, branch }: Worktree): Worktree => ({
    directory: shortPath(directory, deps.home),
    branch,
  });

  const stepsOf = (folder: string): readonly string[] => folder.split(/[\\/]/).filter(Boolean);

  /** By what git says: a path may lead there by a link. */
  async function isIn(folder: string, { directory }: Worktree): Promise<boolean> {
    const name = stepsOf(directory).at(-1) ?? "";
    if (!stepsOf(folder).includes(name)) return false;
    return (await worktrees.made(folder))?.directory === directory;
  }

  async function find(id: SessionId) {
    const all = await store.load();
    const mapping = all.find(({ sessionId }) => sessionId === id);
    const made = mapping && (await worktrees.made(mapping.directory));
    if (!made) return { mapping, others: 0 };
    const active = all.filter((other) => other.sessionId !== id && other.status === "active");
    const used = await Promise.all(active.map((other) => isIn(other.directory, made)));
    return { mapping, made, others: used.filter(Boolean).length };
  }

  return {
    async worktreeOffer(id) {
      try {
        const { made, others } = await find(id);
        if (!made || others > 0) return "";
        const isClean = await worktrees.isClean(made.directory);
        return isClean ? worktreeOfferNotice(shown(made)) : worktreeStaysNotice(shown(made));
      } catch {
        return "";
      }
    },
    async removeWorktree(id) {
      const { mapping, made, others } = await find(id);
      if (mapping && !(await deps.isFolder(mapping.directory))) return worktreeGoneNotice();
      if (!made) return noWorktreeHereNotice();
      if (others > 0) return worktreeInUseNotice(shown(made));
      try {
        if (!(await worktrees.isClean(made.directory))) return worktreeStaysNotice(shown(made));
        await worktrees.remove(made.directory);
      } catch (error) {
        return worktreeStaysNotice(shown(made), messageOf(error));
      }
      return worktreeRemovedNotice(shown(made));
    },
  };
}
