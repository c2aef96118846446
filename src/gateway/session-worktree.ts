import { messageOf } from "../errors.ts";
import type { SessionId } from "../models/ids.ts";
import type { Worktree } from "../models/session-begin.ts";
import { shortPath } from "../models/short-path.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
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

  const isIn = (folder: string, { directory }: Worktree): boolean =>
    folder === directory || folder.startsWith(`${directory}/`);

  async function find(id: SessionId) {
    const all = await store.load();
    const mapping = all.find(({ sessionId }) => sessionId === id);
    const made = mapping && (await worktrees.made(mapping.directory));
    const isUsed = (other: ThreadMapping): boolean =>
      other.sessionId !== id && other.status === "active" && isIn(other.directory, made ?? NOWHERE);
    return { mapping, made, others: made ? all.filter(isUsed).length : 0 };
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

const NOWHERE: Worktree = { directory: "/", branch: "" };
