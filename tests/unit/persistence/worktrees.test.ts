import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGit } from "../../../src/persistence/git.ts";
import { createWorktrees, worktreeName } from "../../../src/persistence/worktrees.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let project: string;
const git = createGit(process.env);
const worktrees = createWorktrees(git);

describe("a worktree", () => {
  beforeEach(async () => {
    folder = temporaryFolder();
    project = join(folder.path, "api");
    mkdirSync(join(project, "src"), { recursive: true });
    writeFileSync(join(project, "src", "retry.ts"), "export async function untilDone() {}\n");
    writeFileSync(join(project, "tool.py"), "def parse_frame():\n    pass\n");
    writeFileSync(join(project, "été.md"), "x");
    await git(project, "init", "--quiet", "--initial-branch=main");
    await git(project, "add", ".");
    const author = ["-c", "user.name=Dev", "-c", "user.email=dev@example.com"];
    await git(project, ...author, "commit", "--quiet", "-m", "Begin");
  });
  afterEach(() => folder[Symbol.dispose]());

  test("stands beside its project, on a branch of its own, with its files", async () => {
    const made = await worktrees.create(project, "Fix the flaky test!");
    expect(made).toEqual({
      directory: join(folder.path, "api-fix-the-flaky-test"),
      folder: join(folder.path, "api-fix-the-flaky-test"),
      branch: "fix-the-flaky-test",
      isNew: true,
    });
    expect(existsSync(join(made.directory, "src", "retry.ts"))).toBe(true);
    expect((await git(made.directory, "symbolic-ref", "--short", "HEAD")).trim()).toBe(made.branch);
  });

  test("is asked for twice, as after a crash: it is the same", async () => {
    const made = await worktrees.create(project, "one");
    expect(await worktrees.create(project, "one")).toEqual({ ...made, isNew: false });
  });

  test("is made from within a folder of the project, and from within a worktree", async () => {
    const { directory, folder: inside } = await worktrees.create(join(project, "src"), "one");
    expect(directory).toBe(join(folder.path, "api-one"));
    expect(inside).toBe(join(folder.path, "api-one", "src"));
    expect((await worktrees.create(directory, "two")).directory).toBe(
      join(folder.path, "api-one-two"),
    );
  });

  test("takes a branch that is there already", async () => {
    await git(project, "branch", "old");
    expect((await worktrees.create(project, "old")).branch).toBe("old");
  });

  test("is not made over something else, nor without a name, nor where there is no repository", async () => {
    mkdirSync(join(folder.path, "api-taken"));
    await expect(worktrees.create(project, "taken")).rejects.toThrow("is there already");
    await expect(worktrees.create(project, "✨")).rejects.toThrow("cannot be the name");
    await expect(worktrees.create(folder.path, "x")).rejects.toThrow(/not a git repository/);
  });

  test("goes when it is clean, and its branch stays", async () => {
    const { directory, branch } = await worktrees.create(project, "one");
    expect(await worktrees.isClean(directory)).toBe(true);
    await worktrees.remove(directory);
    expect(existsSync(directory)).toBe(false);
    expect(await git(project, "branch", "--list", branch)).toContain(branch);
  });

  test("is made once where two ask at the same moment, and neither undoes the other's", async () => {
    const asked = await Promise.allSettled([
      worktrees.create(project, "one"),
      worktrees.create(project, "one"),
    ]);
    expect(asked.filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(1);
    expect(existsSync(join(folder.path, "api-one", "src", "retry.ts"))).toBe(true);
    expect(await worktrees.isClean(join(folder.path, "api-one"))).toBe(true);
  });

  test("that cannot be finished leaves nothing, and says why", async () => {
    const hook = join(project, ".git", "hooks", "post-checkout");
    writeFileSync(hook, "#!/bin/sh\necho no room >&2\nexit 1\n", { mode: 0o755 });
    await expect(worktrees.create(project, "one")).rejects.toThrow("no room");
    expect(existsSync(join(folder.path, "api-one"))).toBe(false);
    expect(await git(project, "branch", "--list", "one")).toBe("");
    expect((await git(project, "worktree", "list")).trim().split("\n")).toHaveLength(1);
  });

  test("that was left half made is not taken for a whole one", async () => {
    const { directory } = await worktrees.create(project, "one");
    const admin = (await git(directory, "rev-parse", "--absolute-git-dir")).trim();
    writeFileSync(join(admin, "locked"), "initializing");
    await expect(worktrees.create(project, "one")).rejects.toThrow("half made");
  });

  test("is known as made here, from within it too; one that somebody else made is not", async () => {
    const { directory, branch } = await worktrees.create(project, "one");
    expect(await worktrees.made(join(directory, "src"))).toEqual({ directory, branch });
    await git(project, "worktree", "add", "-b", "theirs", join(folder.path, "theirs"));
    expect(await worktrees.made(join(folder.path, "theirs"))).toBeUndefined();
    expect(await worktrees.made(project)).toBeUndefined();
    expect(await worktrees.made(folder.path)).toBeUndefined();
    expect(await worktrees.made(join(folder.path, "nothing"))).toBeUndefined();
  });

  test("with a commit that is on no branch is never removed", async () => {
    const { directory } = await worktrees.create(project, "one");
    await git(directory, "checkout", "--detach", "--quiet");
    expect(await worktrees.isClean(directory)).toBe(false);
    await expect(worktrees.remove(directory)).rejects.toThrow("on no branch");
    expect(existsSync(directory)).toBe(true);
  });

  test("changes that come after the look are not lost, nor what a configuration hides", async () => {
    await git(project, "config", "status.showUntrackedFiles", "no");
    const { directory } = await worktrees.create(project, "one");
    expect(await worktrees.isClean(directory)).toBe(true);
    writeFileSync(join(directory, "new.txt"), "new");
    await expect(worktrees.remove(directory)).rejects.toThrow(/untracked/);
    expect(existsSync(join(directory, "new.txt"))).toBe(true);
    expect(await worktrees.isClean(directory)).toBe(false);
  });

  test("a session works in it where it worked in the project", async () => {
    const { directory, folder: inside } = await worktrees.create(join(project, "src"), "one");
    expect(inside).toBe(join(directory, "src"));
  });

  test.each([
    ["a changed file", (at: string) => writeFileSync(join(at, "tool.py"), "changed")],
    ["a new file", (at: string) => writeFileSync(join(at, "new.txt"), "new")],
  ])("with %s is never removed", async (_, change) => {
    const { directory } = await worktrees.create(project, "one");
    change(directory);
    expect(await worktrees.isClean(directory)).toBe(false);
    await expect(worktrees.remove(directory)).rejects.toThrow();
    expect(existsSync(join(directory, "tool.py"))).toBe(true);
  });
});

test.each([
  ["Fix: the API", "fix-the-api"],
  ["Größe ändern", "grosse-andern"],
  ["../../etc", "etc"],
  ["-rf", "rf"],
  ["x".repeat(99), "x".repeat(40)],
  ["…", ""],
])("the name %p becomes %p", (wanted, name) => {
  expect(worktreeName(wanted)).toBe(name);
});
