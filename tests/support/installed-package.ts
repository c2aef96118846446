import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const CHECKOUT = new URL("../..", import.meta.url).pathname;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  command: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly input?: string;
  } = {},
): Promise<Ran> {
  const { cwd = CHECKOUT, env = process.env, input = "" } = options;
  const child = Bun.spawn([...command], {
    cwd,
    env: { ...env },
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, stdout, stderr };
}

async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(["npm", ...args], { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
  return stdout;
}

export interface InstalledPackage {
  readonly tarball: string;
  /** The package as npm has laid it, in a folder that knows nothing of the checkout. */
  readonly folder: string;
  /** The command, as npm has linked it. */
  readonly cli: string;
}

/** What is packed, and what packing needs. */
const SOURCES = [
  ...["package.json", "package-lock.json", "tsconfig.json", "server.js"],
  ...["README.md", "CHANGELOG.md", "LICENSE", "scripts", "src"],
];

/** Names the tarball of this checkout, where whoever runs several test files has packed it for all of them. */
export const PACKED = "TEST_TARBALL";

/** Packs this checkout; resolves with the tarball. */
export async function packCheckout(into: string): Promise<string> {
  // Packing writes beside the sources: in a copy of them, because other tests may pack at the same time.
  const copy = join(into, "checkout");
  for (const name of SOURCES) {
    cpSync(join(CHECKOUT, name), join(copy, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(copy, "node_modules"));
  // Without what packing does first in a checkout: it would install into the folder that is linked.
  await npm(copy, "run", "build");
  const shown = await npm(
    copy,
    ...["pack", "--silent", "--ignore-scripts", "--pack-destination", into],
  );
  return join(into, shown.trim().split("\n").at(-1) ?? "");
}

/** Installs the tarball of this checkout, without the network, into a folder of its own. */
export async function installPackage(into: string): Promise<InstalledPackage> {
  const tarball = process.env[PACKED] ?? (await packCheckout(into));
  const home = join(into, "user");
  mkdirSync(home, { recursive: true });
  await npm(home, "install", "--prefix", home, "--offline", "--no-audit", "--no-fund", tarball);
  const modules = join(home, "node_modules");
  return {
    tarball,
    folder: join(modules, "opencode-mattermost"),
    cli: join(modules, ".bin", "opencode-mattermost"),
  };
}
