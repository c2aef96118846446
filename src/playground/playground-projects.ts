interface DemoProject {
  readonly name: string;
  /** What its session is about. */
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
}

const RETRY = `/** Milliseconds to wait before the given attempt. */
export const backoff = (attempt) => Math.floor(100 * 1.5 ** attempt);
`;

const RETRY_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff } from "./retry.js";

test("waits longer before every attempt", () => {
  assert.ok(backoff(2) > backoff(1));
});
`;

const manifest = (name: string, test: string): string =>
  `${JSON.stringify({ name, private: true, type: "module", scripts: { test } }, undefined, 2)}\n`;

/** The projects that the playground opens a session in. */
export const demoProjects: readonly DemoProject[] = [
  {
    name: "docs-site",
    title: "Rewrite the quickstart",
    files: {
      "package.json": manifest("docs-site", "node --check build.js"),
      "build.js": 'console.log("built");\n',
      "docs/quickstart.md": "# Quickstart\n\nInstall it, start it, done.\n",
    },
  },
  {
    name: "payments-api",
    title: "Fix the flaky retry test",
    files: {
      "package.json": manifest("payments-api", "node --test src/"),
      "src/retry.js": RETRY,
      "src/retry.test.js": RETRY_TEST,
    },
  },
];
