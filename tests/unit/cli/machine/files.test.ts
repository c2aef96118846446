// What is kept on this machine, as `doctor` sees it: it looks, and changes nothing.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { shown } from "../../../../src/cli/findings/finding.ts";
import { checkLocks } from "../../../../src/cli/machine/locks.ts";
import { checkMappings } from "../../../../src/cli/machine/mappings.ts";
import { checkRecentErrors } from "../../../../src/cli/machine/recent-errors.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-machine-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const whole = join(folder, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

describe("the mappings", () => {
  test.each([
    ['{"version":1,"threads":[]}', "mappings.ok"],
    ['{"version":1,"threads":[{"sessionId":7}]}', "mappings.entry"],
    ['{"version":99,"shape":"other"}', "mappings.newer"],
    ['{"version":1,"thr', "mappings.bad"],
    ["", "mappings.bad"],
  ] as const)("%s: %s, and the file stays as it is", async (text, says) => {
    const path = put("threads.json", text);
    expect(checkMappings(path).says).toBe(says);
    expect(await Bun.file(path).text()).toBe(text);
  });

  test("none yet, and a folder in their place", () => {
    expect(checkMappings(join(folder, "none.json")).says).toBe("mappings.none");
    expect(checkMappings(folder).says).toBe("mappings.closed");
  });
});

describe("the locks", () => {
  const NOW = Date.UTC(2026, 0, 2);
  const lock = (name: string, ageSeconds: number): void => {
    const path = put(`instances/${name}.lock`, "");
    const at = (NOW - ageSeconds * 1_000) / 1_000;
    utimesSync(path, at, at);
  };
  const says = (): string[] => checkLocks(folder, NOW).map((finding) => finding.says);

  test("none: nothing runs", () => {
    expect(says()).toEqual(["locks.none"]);
    expect(checkLocks(join(folder, "nothing"), NOW)[0]?.says).toBe("locks.none");
  });

  test("fresh ones are processes that live", () => {
    lock("one", 2);
    lock("two", 20);
    expect(checkLocks(folder, NOW).map(shown).join()).toContain("at the moment: 2.");
  });

  test("silent ones are told, with how many and for how long", () => {
    lock("living", 2);
    lock("gone", 3_600);
    lock("suspended", 120);
    expect(says()).toEqual(["locks.living", "locks.stale"]);
    expect(checkLocks(folder, NOW).map(shown).join()).toMatch(/no life: 2, for up to 60 minutes/);
  });
});

describe("what was logged", () => {
  const NOW = Date.parse("2026-11-28T18:00:00Z");
  const line = (time: string, level: string, message: string): string =>
    `timestamp=2026-11-${time}Z level=${level} run=ab12 message=${JSON.stringify(message)} a=b\n`;
  const check = () =>
    checkRecentErrors({ openCode: join(folder, "log"), own: join(folder, "log.txt") }, NOW);

  test("nothing, nothing of the bridge, nothing of the last day: no trouble", () => {
    expect(check().says).toBe("errors.none");
    put(
      "log/opencode.log",
      line("28T17:00:00", "ERROR", "something of OpenCode's own") +
        line("26T17:00:00", "ERROR", "Mattermost: long ago") +
        line("28T17:00:00", "INFO", "Mattermost is there") +
        'timestamp=2026-11-28T17:00:00Z level=ERROR message="torn\n',
    );
    expect(check().says).toBe("errors.none");
  });

  test("warnings are told, errors are a problem: the last one, its time and its log", () => {
    put("log/a.log", line("28T17:00:00", "WARN", "Mattermost cannot be reached"));
    expect(shown(check())).toContain(
      "Warnings: 1, the last one 2026-11-28 17:00 UTC: Mattermost cannot be reached",
    );
    put("log.txt", '2026-11-28T16:00:00.000Z error the disk is full {"a":1}\nnot a line\n');
    expect(shown(check())).toMatch(/✗ .*: 1, the last one 2026-11-28 16:00 UTC: the disk is full/);
    put(
      "log/b.log",
      line("28T17:30:00", "ERROR", 'Nothing is bridged to Mattermost: it is "locked"'),
    );
    expect(shown(check())).toMatch(
      /: 2, the last one .* 17:30 UTC: Nothing is .* "locked"\n.*b\.log/,
    );
  });
});

test("a state folder that may not be used is told", () => {
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  expect(checkLocks(folder, Date.now())[0]?.says).toBe("locks.closed");
  chmodSync(folder, 0o700);
});
