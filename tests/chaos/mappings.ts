import { join } from "node:path";
import { runCrowd } from "../support/crowd-of-writers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Scenario } from "./scenario.ts";

const WRITERS = 10;

/** Ten processes change one mappings file at the same time, and are killed at any moment. */
export const mappings: Scenario = {
  name: "mappings",
  async run({ size, note }) {
    using folder = temporaryFolder();
    const report = await runCrowd({
      path: join(folder.path, "mattermost-threads.json"),
      writers: WRITERS,
      changesEach: size === "short" ? 20 : 200,
      killEvery: 25,
    });
    const { acknowledged, kills, reads, torn, complaints } = report;
    note(
      `${acknowledged} changes acknowledged, ${kills} writers killed, the file read ${reads} times`,
    );
    return {
      sent: acknowledged,
      lost: report.lost.map((id) => `the acknowledged change ${id}`),
      doubled: [],
      crossed: torn.map((what) => `the file was torn: ${what}`),
      silent: complaints === "" ? [] : [`the store complained: ${complaints}`],
    };
  },
};
