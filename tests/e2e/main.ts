// `npm run e2e`: the end-to-end tests on every OpenCode that is to be had, each file in a process of its own, several at once.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { Glob } from "bun";
import { OPENCODE_1 } from "../support/hosts/opencode-1.ts";
import { OPENCODE_2, openCode2 } from "../support/hosts/opencode-2.ts";
import { PACKED, packCheckout } from "../support/installed-package.ts";

const HELP = `npm run e2e -- [--host 1 | 2] [--jobs N] [NAME]…
NAME: the beginning of a file's name, for example "permission".`;

const FOLDER = import.meta.dir;
/** One that waits for the other's processor is slow, and not wrong. */
const TEST_WITHIN_MS = 120_000;

/** What a change of the world does to OpenCode 1. */
const world = [...new Glob("../world/e2e/*.test.ts").scanSync(FOLDER)].sort();

const HOSTS = [
  { id: "opencode-1", host: OPENCODE_1, isThere: true },
  { id: "opencode-2", host: OPENCODE_2, isThere: openCode2() !== undefined },
] as const;

/** What takes longest begins first, so that nobody waits for it at the end. */
const LONG = [
  "deaf-terminal",
  "reload",
  "playground",
  "command",
  "refused-prompts",
  "up",
  "restart",
];

/** What installs the package: it is packed once for all of them. */
const INSTALLS = ["command", "package", "up"];
const folder = mkdtempSync(join(tmpdir(), "e2e-"));
let packing: Promise<string> | undefined;

async function environmentOf({ host, file }: Job): Promise<Record<string, string | undefined>> {
  const env = { ...process.env, TEST_HOST: host.id };
  if (!INSTALLS.includes(basename(file, ".test.ts"))) return env;
  packing ??= packCheckout(folder);
  return { ...env, [PACKED]: await packing };
}

interface Job {
  readonly host: (typeof HOSTS)[number];
  readonly file: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: "string" },
    // One more than there are processors: many wait for something most of the time.
    jobs: { type: "string", default: String(availableParallelism() + 1) },
    help: { type: "boolean", default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What runs on each OpenCode stands in this folder, what is for one of them in a folder of its name. */
function jobsOf(host: Job["host"]): readonly Job[] {
  const globs = ["*.test.ts", `${host.id}/*.test.ts`];
  const here = globs.flatMap((glob) => [...new Glob(glob).scanSync(FOLDER)].sort());
  const files = host.id === "opencode-1" ? [...here, ...world] : here;
  const wanted = (file: string): boolean =>
    positionals.length === 0 || positionals.some((name) => basename(file).startsWith(name));
  return files.filter(wanted).map((file) => ({ host, file }));
}

function longestFirst(jobs: readonly Job[]): Job[] {
  const isLong = ({ file }: Job): boolean => LONG.includes(basename(file, ".test.ts"));
  return [...jobs.filter(isLong), ...jobs.filter((job) => !isLong(job))];
}

async function run(job: Job): Promise<boolean> {
  const { host, file } = job;
  const startedMs = performance.now();
  const child = Bun.spawn(
    [process.execPath, "test", "--timeout", String(TEST_WITHIN_MS), `${FOLDER}/${file}`],
    { env: await environmentOf(job), stdout: "pipe", stderr: "pipe" },
  );
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const isGood = (await child.exited) === 0;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
  const [count = "no test"] = /^ *\d+ pass$/m.exec(stderr) ?? [];
  say(`${seconds} s  ${isGood ? "✓" : "✗"} ${host.host.name} · ${file} · ${count.trim()}`);
  if (!isGood) say(`${stderr}${stdout}`);
  return isGood;
}

async function main(): Promise<number> {
  const hosts = HOSTS.filter(({ id }) => (values.host ? id.endsWith(values.host) : true));
  const workers = Number(values.jobs);
  if (values.help || hosts.length === 0 || !(workers > 0)) {
    say(HELP);
    return values.help ? 0 : 2;
  }
  for (const { host, isThere } of hosts) {
    if (!isThere) say(`${host.name} is not to be had on this platform: its tests are left out.`);
  }
  const jobs = hosts.filter(({ isThere }) => isThere).flatMap(jobsOf);
  const waiting = longestFirst(jobs);
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) if (!(await run(job))) failed++;
  };
  await Promise.all(Array.from({ length: workers }, work));
  say(`${jobs.length - failed} of ${jobs.length} files passed.`);
  return failed === 0 && jobs.length > 0 ? 0 : 1;
}

const code = await main();
rmSync(folder, { recursive: true, force: true });
process.exit(code);
