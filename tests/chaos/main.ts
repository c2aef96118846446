// `bun run chaos`: throws at the bridge what can go wrong, and counts what was lost, doubled, crossed or left unanswered.
import { parseArgs } from "node:util";
import { messageOf } from "../../src/errors.ts";
import { openCode2 } from "../support/hosts/opencode-2.ts";
import { type Row, renderFindings, renderTable } from "./report.ts";
import { isClean, type Scenario, type Setting } from "./scenario.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    host: { type: "string", default: "1" },
    seed: { type: "string" },
    only: { type: "string", multiple: true },
    messages: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
process.env["TEST_HOST"] = `opencode-${values.host}`;
// These look for the OpenCode that they run on as soon as they are read.
const { SCENARIOS } = await import("./scenarios.ts");

const HELP = `bun run chaos [--short | --long] [--host 1 | 2] [--seed N] [--only NAME]… [--messages N]
Scenarios: ${SCENARIOS.map(({ name }) => name).join(", ")}`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(scenario: Scenario, setting: Setting): Promise<Row> {
  const startedMs = performance.now();
  const note = (line: string): void => {
    const second = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
    say(`${second} s  ${scenario.name}: ${line}`);
  };
  const result = await scenario.run({ ...setting, note }).catch((error) => ({
    sent: 0,
    lost: [],
    doubled: [],
    crossed: [],
    silent: [`the scenario itself failed: ${messageOf(error)}`],
  }));
  return { name: scenario.name, result, tookMs: performance.now() - startedMs };
}

async function main(): Promise<number> {
  const wanted = SCENARIOS.filter(({ name }) => values.only?.includes(name) ?? true);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const messages = Number(values.messages ?? 0);
  if (values.help || wanted.length === 0 || !Number.isInteger(seed + messages)) {
    say(HELP);
    return values.help ? 0 : 2;
  }
  const size = values.short ? "short" : values.long ? "long" : "full";
  say(`seed ${seed}, ${size}`);
  const setting: Setting = { size, seed, ...(messages > 0 && { messages }), note: say };
  const rows: Row[] = [];
  for (const scenario of wanted) rows.push(await run(scenario, setting));
  const findings = rows.flatMap(renderFindings);
  say(`\n${[...findings, ...(findings.length > 0 ? [""] : []), renderTable(rows)].join("\n")}`);
  if (rows.every(({ result }) => isClean(result))) return 0;
  say(
    `\nAgain: bun run chaos --host ${values.host} --seed ${seed}${size === "full" ? "" : ` --${size}`}`,
  );
  return 1;
}

if (values.host === "2" && openCode2() === undefined) {
  say("OpenCode 2 is not to be had on this platform: its chaos is left out.");
  process.exit(0);
}
process.exit(await main());
