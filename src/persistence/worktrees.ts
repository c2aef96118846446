import { existsSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Worktree } from "../models/session-begin.ts";
import type { Worktrees } from "../ports.ts";
import type { Git } from "./git.ts";

const MAX_NAME_CHARS = 40;
/** Stands in git's own folder of a worktree that was made here, and goes with it. */
const MADE_HERE = "opencode-mattermost";
/** Git itself would overlook what somebody's configuration hides. */
const SHOW_ALL = ["-c", "status.showUntrackedFiles=all"] as const;

/** A name that can be a folder and a branch everywhere. Empty where nothing of it can. */
export const worktreeName = (wanted: string): string =>
  wanted
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_NAME_CHARS)
    .replace(/^-+|-+$/g, "");

/** Git worktrees beside a project: a folder and a branch for a session of its own. */
export function createWorktrees(git: Git): Worktrees {
  const line = async (folder: string, ...args: readonly string[]): Promise<string> =>
    (await git(folder, ...args)).trim();
  const absolute = (folder: string, what: string): Promise<string> =>
    line(folder, "rev-parse", "--path-format=absolute", what);
  const branchOf = (folder: string): Promise<string> =>
    line(folder, "symbolic-ref", "--quiet", "--short", "HEAD").catch(() => "");

  /** Git's own folder of the worktree that a folder is in; `undefined` where it is in none, or in a repository's first one. */
  async function adminOf(folder: string): Promise<string | undefined> {
    const own = await absolute(folder, "--git-dir").catch(() => "");
    const shared = await absolute(folder, "--git-common-dir").catch(() => "");
    return own === shared ? undefined : own;
  }

  /** What is in the place of a new worktree: the same, from before the process died in between, or something else. */
  async function isThere(directory: string, branch: string): Promise<void> {
    const admin = await adminOf(directory);
    if (!admin || (await branchOf(directory)) !== branch) {
      throw new Error(`${directory} is there already`);
    }
    const lock = await readFile(join(admin, "locked"), "utf8").catch(() => "");
    if (lock.startsWith("initializing")) {
      throw new Error(
        `${directory} is being made, or was left half made: \`git worktree remove -f -f ${directory}\` takes it away`,
      );
    }
  }

  /** The folder is made first: where another process makes it at the same moment, that one goes on. */
  async function add(top: string, { directory, branch }: Worktree): Promise<void> {
    await mkdir(directory);
    const isOld = (await line(top, "branch", "--list", branch)) !== "";
    const from = isOld ? [directory, branch] : ["-b", branch, directory];
    try {
      await git(top, "worktree", "add", ...from);
      const admin = await adminOf(directory);
      if (admin) await writeFile(join(admin, MADE_HERE), "");
    } catch (error) {
      // Nobody has worked in it yet.
      await git(top, "worktree", "remove", "--force", "--force", directory).catch(() => undefined);
      await rmdir(directory).catch(() => undefined);
      if (!isOld) await git(top, "branch", "-d", branch).catch(() => undefined);
      throw error;
    }
  }

  return {
    async create(project, wanted) {
      const top = await line(project, "rev-parse", "--show-toplevel");
      const branch = worktreeName(wanted);
      if (branch === "") throw new Error(`"${wanted}" cannot be the name of a branch`);
      const directory = join(dirname(top), `${basename(top)}-${branch}`);
      const prefix = await line(project, "rev-parse", "--show-prefix");
      const folder = join(directory, prefix).replace(/\/$/, "");
      const isNew = !existsSync(directory);
      if (isNew) await add(top, { directory, branch });
      else await isThere(directory, branch);
      return { directory, branch, folder, isNew };
    },
    async made(folder) {
      const admin = await adminOf(folder);
      if (!admin || !existsSync(join(admin, MADE_HERE))) return undefined;
      return {
        directory: await line(folder, "rev-parse", "--show-toplevel"),
        branch: await branchOf(folder),
      };
    },
    async isClean(directory) {
      const status = ["status", "--porcelain", "--ignore-submodules=none"];
      const changes = await line(directory, ...SHOW_ALL, ...status);
      return changes === "" && (await branchOf(directory)) !== "";
    },
    async remove(directory) {
      if ((await branchOf(directory)) === "") {
        throw new Error(`what is checked out in ${directory} is on no branch`);
      }
      const shared = await absolute(directory, "--git-common-dir");
      // Without force: git looks once more, and refuses where something would be lost.
      await git(shared, `--git-dir=${shared}`, ...SHOW_ALL, "worktree", "remove", directory);
    },
  };
}
