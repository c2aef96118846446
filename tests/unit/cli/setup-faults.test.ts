// Each way in which a first try can go wrong, by `setup` and by `doctor`: what is wrong is said, and what to do.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { doctor } from "../../../src/cli/doctor.ts";
import { setup } from "../../../src/cli/setup.ts";
import { openCliHome } from "../../support/cli.ts";
import { recordingTerminal } from "../../support/recording-terminal.ts";
import { asVariables, problemsIn, SETUP_FAULTS } from "../../support/setup-faults.ts";

/** A proxy is one of the whole process: those are tried by the package's test. */
const inProcess = SETUP_FAULTS.filter(({ needsProcess = false }) => !needsProcess);
/** The server is on this machine. */
const timeout = 0.4;

test.each([...inProcess])("$name", async ({ says, doctorSays = says, words, start }) => {
  const trouble = await start();
  const home = openCliHome();
  try {
    const { terminal, lines } = recordingTerminal();
    const world = { env: asVariables(trouble), home: home.path, directory: home.path, terminal };
    const { allowInsecure = false } = trouble;
    const unused = { prompter: undefined, readStdin: async () => "", plugin: "none" };
    expect(await setup({ yes: true, allowInsecure, timeout }, { ...world, ...unused })).toBe(1);
    const said = lines.splice(0).join("\n");
    expect(said).toMatch(words);
    expect(existsSync(join(home.path, ".config"))).toBe(false);

    expect(await doctor({ json: true, timeout }, world)).toBe(1);
    const report = lines.join("\n");
    expect(problemsIn(report)).toContain(doctorSays);
    expect(said + report).not.toContain(trouble.token);
  } finally {
    home.remove();
    await trouble.stop();
  }
});
