import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";

/** The modalities beside text that the scripted model may be said to take. */
export type ModelInput = "image" | "pdf" | "audio" | "video";

export interface OpenCodeHome {
  readonly path: string;
  /** The whole environment of a process that lives here: nothing of the developer's own OpenCode shows through. */
  env(extra?: Readonly<Record<string, string>>): Record<string, string>;
  /** Writes OpenCode's configuration. */
  configure(config: Record<string, unknown>): void;
  /** A git repository with these files and one commit under this home; the same name gives the same directory. */
  newDirectory(name: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** OpenCode's own log files, oldest first. */
  logFiles(): string;
}

const PASSED_ON = ["PATH", "LANG", "LC_ALL", "SHELL", "SYSTEMROOT"];

/** What keeps OpenCode from the network, from other tools' settings and from the terminal's title. */
const SWITCHES = {
  OPENCODE_DISABLE_MODELS_FETCH: "1",
  OPENCODE_DISABLE_AUTOUPDATE: "1",
  OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  OPENCODE_DISABLE_SHARE: "1",
  OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  OPENCODE_DISABLE_EXTERNAL_SKILLS: "1",
  OPENCODE_DISABLE_CLAUDE_CODE: "1",
  OPENCODE_DISABLE_TERMINAL_TITLE: "1",
};

const DEPENDENCY = { dependencies: { "@opencode-ai/plugin": "*" } };

/**
 * OpenCode runs an npm install of `@opencode-ai/plugin` in every folder that may hold configuration, and waits for it
 * before it loads a plugin. A folder that looks installed is left alone.
 */
function markInstalled(configFolder: string): void {
  mkdirSync(join(configFolder, "node_modules"), { recursive: true });
  const manifest = join(configFolder, "package.json");
  if (existsSync(manifest)) return;
  writeFileSync(manifest, JSON.stringify(DEPENDENCY));
  const lock = { lockfileVersion: 3, packages: { "": DEPENDENCY } };
  writeFileSync(join(configFolder, "package-lock.json"), JSON.stringify(lock));
}

async function git(directory: string, env: Record<string, string>, ...args: string[]) {
  const child = Bun.spawn(["git", ...args], {
    cwd: directory,
    env,
    stdout: "ignore",
    stderr: "pipe",
  });
  if ((await child.exited) === 0) return;
  throw new Error(`git ${args.join(" ")} failed: ${await child.stderr.text()}`);
}

/** By its real path, as OpenCode will name it: temporary folders are links on some systems. */
const newFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), "opencode-home-")));

/** A folder of its own for everything that OpenCode reads or writes; `folder` is what it calls its own folders in there. */
export function openHome(path = newFolder(), folder = "opencode"): OpenCodeHome {
  const config = join(path, ".config", folder);
  const temporary = join(path, "tmp");
  mkdirSync(temporary, { recursive: true });
  markInstalled(config);

  const env: OpenCodeHome["env"] = (extra = {}) => ({
    ...Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...SWITCHES,
    HOME: path,
    XDG_CONFIG_HOME: join(path, ".config"),
    XDG_DATA_HOME: join(path, ".local", "share"),
    XDG_STATE_HOME: join(path, ".local", "state"),
    XDG_CACHE_HOME: join(path, ".cache"),
    TMPDIR: temporary,
    OPENCODE_TEST_MANAGED_CONFIG_DIR: join(path, "managed"),
    GIT_CONFIG_NOSYSTEM: "1",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    ...extra,
  });

  return {
    path,
    env,
    configure(settings) {
      writeFileSync(join(config, "opencode.json"), JSON.stringify(settings, undefined, 2));
    },
    async newDirectory(name, files = {}) {
      const directory = join(path, "projects", name);
      if (existsSync(join(directory, ".git"))) return directory;
      for (const [file, text] of Object.entries({ "README.md": `# ${name}\n`, ...files })) {
        await Bun.write(join(directory, file), text);
      }
      if (existsSync(join(directory, ".opencode"))) markInstalled(join(directory, ".opencode"));
      const author = ["-c", "user.name=Dev", "-c", "user.email=dev@example.com"];
      await git(directory, env(), "init", "--quiet", "--initial-branch=main");
      await git(directory, env(), "add", ".");
      // OpenCode knows a project by its first commit: the name makes it a commit of its own.
      await git(directory, env(), ...author, "commit", "--quiet", "-m", `Start ${name}`);
      return directory;
    },
    logFiles() {
      const logs = join(path, ".local", "share", folder, "log");
      if (!existsSync(logs)) return "";
      const files = [...new Glob("*.log").scanSync({ cwd: logs, absolute: true })].sort();
      return files.map((file) => readFileSync(file, "utf8")).join("\n");
    },
  };
}
