// `npm run bench`: what the bridge costs, how fast it is, and how far that goes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { HOST } from "../tests/support/hosts/chosen.ts";
import { OPENCODE_2 } from "../tests/support/hosts/opencode-2.ts";
import type { Result } from "./figure.ts";
import { pure } from "./figures/pure.ts";
import { replies } from "./figures/replies.ts";
import { resources } from "./figures/resources.ts";
import { stored } from "./figures/stored.ts";
import { threads } from "./figures/threads.ts";
import { tools } from "./figures/tools.ts";
import { words } from "./figures/words.ts";
import { plot } from "./plot.ts";
import { type HostResult, page, pictureName, table } from "./report.ts";

const ALL = { replies, threads, words, tools, resources, stored, pure } as const;
const HELP = `npm run bench -- [--host 1 | 2] [NAME]…
NAME: ${Object.keys(ALL).join(", ")}. Without one: all, and bench/RESULTS.md is written anew.`;

const FOLDER = import.meta.dir;
const GB = 1024 ** 3;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { host: { type: "string" }, json: { type: "string" }, help: { type: "boolean" } },
});

/** Here, on the OpenCode that this process was started for. */
async function measure(): Promise<HostResult> {
  const results: Result[] = [];
  for (const [name, figure] of Object.entries(ALL)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const result = await figure();
    say(`${HOST.name} · ${name}\n${table(result.figures)}\n`);
    results.push(result);
  }
  const figures = results.flatMap((result) => result.figures);
  return { host: HOST.name, figures, curves: results.flatMap(({ curves = [] }) => curves) };
}

/** In a process of its own for each OpenCode. */
async function measureOn(host: "1" | "2"): Promise<HostResult> {
  const json = join(FOLDER, `.host-${host}.json`);
  const command = [process.execPath, import.meta.path, "--json", json, ...positionals];
  const env = { ...process.env, TEST_HOST: `opencode-${host}` };
  const child = Bun.spawn(command, { env, stdout: "inherit", stderr: "inherit" });
  if ((await child.exited) !== 0) throw new Error(`The figures of OpenCode ${host} failed.`);
  const result: HostResult = JSON.parse(readFileSync(json, "utf8"));
  rmSync(json);
  return result;
}

function write(results: readonly HostResult[]): void {
  const [{ model = "an unknown processor" } = {}] = cpus();
  const about = {
    commit: Bun.spawnSync(["git", "rev-parse", "--short", "HEAD"]).stdout.toString().trim(),
    at: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${model}, ${Math.round(totalmem() / GB)} GB`,
    bun: Bun.version,
  };
  mkdirSync(join(FOLDER, "plots"), { recursive: true });
  for (const { host, curves = [] } of results) {
    for (const curve of curves) {
      writeFileSync(join(FOLDER, "plots", pictureName(host, curve.title)), plot(curve));
    }
  }
  writeFileSync(join(FOLDER, "results.json"), `${JSON.stringify({ about, results })}\n`);
  writeFileSync(join(FOLDER, "RESULTS.md"), page(about, results));
}

async function main(): Promise<number> {
  const unknown = positionals.filter((name) => !(name in ALL));
  if (values.help || unknown.length > 0) {
    say(HELP);
    return values.help ? 0 : 2;
  }
  if (values.json) {
    writeFileSync(values.json, JSON.stringify(await measure()));
    return 0;
  }
  const there = OPENCODE_2.program() ? (["1", "2"] as const) : (["1"] as const);
  const results: HostResult[] = [];
  for (const host of there) {
    if (!values.host || values.host === host) results.push(await measureOn(host));
  }
  if (positionals.length === 0) write(results);
  return 0;
}

process.exit(await main());
