// The import rule as a table: a folder imports itself and what its row names, nothing else.
import { expect, test } from "bun:test";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

const NODE = ["node:*", "node:*/*"];
const FOOT = ["models", "ports.ts", "errors.ts"];
const PURE = [...FOOT, "state", "render/markdown", "render"];
const THREAD = [...PURE, "commands", "timing", "thread/posting", "thread"];

/** What each folder (or file) directly in `src/` may import beside itself. From the ground floor up. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  models: ["zod"],
  "ports.ts": ["models"],
  "errors.ts": [],
  timing: FOOT,
  state: ["models"],
  "render/markdown": ["models"],
  render: ["models", "state", "render/markdown"],
  commands: PURE,
  "thread/posting": [...PURE, "timing"],
  thread: [...PURE, "commands", "timing", "thread/posting"],
  conversation: THREAD,
  "gateway/leader": THREAD,
  gateway: [...THREAD, "gateway/leader", "config.ts"],
  bridge: [...THREAD, "conversation", ...NODE],
  "clients/mattermost": [...FOOT, "zod", "@mattermost/types/*", ...NODE],
  "clients/opencode": [...FOOT, "zod", "@opencode-ai/plugin/tool", "@opencode-ai/sdk/v2"],
  "clients/opencode-2": [...FOOT, "timing", "zod", ...NODE],
  "clients/transcription": [...FOOT, "zod"],
  persistence: [...FOOT, "zod", "bun:sqlite", ...NODE],
  "config.ts": [...FOOT, "zod"],
  "cli/findings": [],
  "cli/checks": [
    ...[...FOOT, "timing", "cli/findings", "clients/mattermost", "config.ts", "persistence"],
    ...NODE,
  ],
  "cli/settings": ["persistence", "jsonc-parser", ...NODE],
  "cli/host": [...FOOT, "cli/settings", "playground", "zod", ...NODE],
  "cli/machine": [...FOOT, "cli/findings", "cli/host", "cli/settings", "persistence", ...NODE],
  "cli/up": FOOT,
  cli: [
    ...[...FOOT, "timing", "cli/*", "config.ts", "playground", "package.json"],
    ...["commander", "@clack/prompts", ...NODE],
  ],
  entry: ["*", "*/**", "package.json", "@opencode-ai/plugin", ...NODE],
  "index.ts": ["entry", "@opencode-ai/plugin"],
};

/** Packages that one file alone imports. */
const ONLY: Record<string, string> = {
  axios: "src/clients/mattermost/http.ts",
  ws: "src/clients/mattermost/websocket-client.ts",
  "proxy-from-env": "src/clients/mattermost/proxy.ts",
};

/** Folders of tests: the rooms of `src/`, and those that look at several of them at once. */
const TESTS_OF_SEVERAL = ["whole", "playground"];

/** Every test may take the real clock. */
const SYSTEM_CLOCK = "src/timing/system-clock.ts";

const IMPORT =
  /^(?:import|export|\})[^"'\n]*\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm;
const matches = (pattern: string, path: string): boolean => new Glob(pattern).match(path);
const filesOf = (pattern: string): string[] => [...new Glob(pattern).scanSync()].sort();

const sources = filesOf("src/**/*.ts").filter((file) => !file.startsWith("src/playground/"));
const tests = filesOf("tests/unit/**/*.test.ts");

/** `src/render/turn.ts` stands in `render`, `src/ports.ts` in itself. */
const roomOf = (path: string): string => {
  const inSource = path.replace(/^src\//, "");
  return inSource.includes("/") ? dirname(inSource) : inSource;
};

async function importsOf(file: string): Promise<readonly string[]> {
  const source = await Bun.file(file).text();
  return [...source.matchAll(IMPORT)].map((found) => {
    const spec = found.slice(1).find(Boolean) ?? "";
    return spec.startsWith(".") ? normalize(join(dirname(file), spec)) : spec;
  });
}

/** What `room` may not import of `targets`. */
function violations(room: string, targets: readonly string[], from: string): readonly string[] {
  const mayImport = MAY_IMPORT[room] ?? [];
  return targets.filter((target) => {
    const place = target.startsWith("src/") ? roomOf(target) : target;
    return (
      place !== room && ONLY[target] !== from && !mayImport.some((name) => matches(name, place))
    );
  });
}

test("every room has a row, and every row a room", () => {
  expect([...new Set(sources.map(roomOf))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test("the table has no circle, so no room looks upwards", () => {
  const rooms = Object.keys(MAY_IMPORT);
  const seesDown = (room: string, at: number): boolean =>
    rooms.slice(at).every((higher) => room === "entry" || !MAY_IMPORT[room]?.includes(higher));
  const lookUp = rooms.filter((room, at) => !seesDown(room, at));
  expect(lookUp.filter((room) => room !== "gateway")).toEqual([]);
});

test("at most eight files stand directly in src", () => {
  expect(filesOf("src/*.ts").length).toBeLessThanOrEqual(8);
});

test.each(sources)("%s imports only what its room may", async (file) => {
  expect(violations(roomOf(file), await importsOf(file), file)).toEqual([]);
});

test.each(filesOf("src/playground/**/*.ts"))("%s imports nothing of the bridge", async (file) => {
  const targets = await importsOf(file);
  expect(targets.filter((t) => t.startsWith("src/") && !t.startsWith("src/playground/"))).toEqual(
    [],
  );
});

test.each(tests)("%s imports no higher room than its own", async (file) => {
  const room = dirname(file).replace(/^tests\/unit\/?/, "");
  if (room === "" || TESTS_OF_SEVERAL.includes(room)) return;
  expect(Object.keys(MAY_IMPORT)).toContain(room);
  const reached = await sourcesReachedBy(file);
  const targets = reached.filter((target) => !roomOf(target).startsWith("playground"));
  expect(violations(room, targets, file).filter((t) => t !== SYSTEM_CLOCK)).toEqual([]);
});

/** The files of `src/` that a test imports, itself or by what supports it. */
async function sourcesReachedBy(
  file: string,
  known = new Set<string>(),
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const target of await importsOf(file)) {
    if (target.startsWith("src/")) found.push(target);
    if (!target.startsWith("tests/") || known.has(target)) continue;
    known.add(target);
    found.push(...(await sourcesReachedBy(target, known)));
  }
  return found;
}
