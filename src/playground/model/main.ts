// `bun run model`: the scripted model as a program of its own.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadDemo } from "./demo-script.ts";
import { loadScriptFile } from "./script-file.ts";
import { startScriptedModel } from "./scripted-model.ts";

const USAGE = `Usage: bun run model [--port N] [--word-ms 40] [--script FILE.json] [--json]

  --port N        the port on loopback; without it, any free one
  --word-ms N     milliseconds per word; 40 without it, 0 is at once
  --script FILE   what to answer: {"rules": [{"when": "hello", "replies": [[{"text": "Hi."}]]}]}
  --json          print {"url": …} as one line of JSON`;

class UsageError extends Error {
  override readonly name = "UsageError";
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : `${cause}`);

function wholeNumber(option: string, value: string | undefined, max: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value !== "" && Number.isInteger(number) && number >= 0 && number <= max) return number;
  throw new UsageError(`--${option} takes a whole number from 0 to ${max}, not "${value}".`);
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: "string" },
        "word-ms": { type: "string" },
        script: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(messageOf(cause), { cause });
  }
}

function readScript(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UsageError(`--script: ${messageOf(cause)}`, { cause });
  }
}

async function main(): Promise<void> {
  const options = parseOptions();
  if (options.help) return console.log(USAGE);
  const port = wholeNumber("port", options.port, 65_535) ?? 0;
  const wordMs = wholeNumber("word-ms", options["word-ms"], 60_000) ?? 40;
  const json = options.script === undefined ? undefined : readScript(options.script);

  const model = await startScriptedModel({ port, wordMs }).catch((cause: unknown) => {
    throw new UsageError(`Cannot listen on port ${port}: ${messageOf(cause)}. Choose another.`, {
      cause,
    });
  });
  try {
    if (json === undefined) loadDemo(model);
    else loadScriptFile(model, json);
  } catch (cause) {
    await model.stop();
    throw new UsageError(`--script ${options.script}: ${messageOf(cause)}`, { cause });
  }
  console.log(
    options.json ? JSON.stringify({ url: model.url }) : `The model listens on ${model.url}`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void model.stop().then(() => process.exit(0)));
  }
}

main().catch((cause: unknown) => {
  if (!(cause instanceof UsageError)) throw cause;
  console.error(`${cause.message}\n\n${USAGE}`);
  process.exitCode = 2;
});
