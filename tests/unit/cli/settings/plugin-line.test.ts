import { describe, expect, test } from "bun:test";
import { readPluginLine, withPluginLine } from "../../../../src/cli/settings/plugin-line.ts";

const isOurs = (spec: string): boolean => spec.startsWith("bridge");
const WANTED = { spec: "bridge", options: { url: "https://chat", owner: "alice" } };

function edited(text: string): string {
  const read = readPluginLine(text, isOurs);
  if (read.kind === "unreadable") throw new Error(read.reason);
  const after = withPluginLine(text, read.line, WANTED);
  const again = readPluginLine(after, isOurs);
  // Once is enough, whatever it was before.
  expect(again.kind === "read" && withPluginLine(after, again.line, WANTED)).toBe(after);
  expect(again.kind === "read" && again.line?.options).toMatchObject(WANTED.options);
  return after;
}

describe("the line is added", () => {
  test("to a file that is not there", () => {
    expect(edited("")).toBe(`{
  "$schema": "https://opencode.ai/config.json",
  "plugin": [
    [
      "bridge",
      {
        "url": "https://chat",
        "owner": "alice"
      }
    ]
  ]
}
`);
  });

  test("with every comment where it was, and a comma at the end where there was one", () => {
    const before = `// mine
{
  // the model
  "model": "a/b", // cheap
  "plugin": [
    "one", // the first
    /* the pair */ ["two", { "x": 1 }], // the last
  ], // plugins
}
`;
    expect(edited(before)).toBe(`// mine
{
  // the model
  "model": "a/b", // cheap
  "plugin": [
    "one", // the first
    /* the pair */ ["two", { "x": 1 }], // the last
    [
      "bridge",
      {
        "url": "https://chat",
        "owner": "alice"
      }
    ],
  ], // plugins
}
`);
  });

  test("behind the comment of what was last", () => {
    expect(edited('{\n\t"model": "a/b" // cheap\n}\n')).toBe(
      '{\n\t"model": "a/b", // cheap\n\t"plugin": [\n\t\t[\n\t\t\t"bridge",\n\t\t\t{\n\t\t\t\t"url": "https://chat",\n\t\t\t\t"owner": "alice"\n\t\t\t}\n\t\t]\n\t]\n}\n',
    );
  });

  test("with the file's own line ends", () => {
    const after = edited('{\r\n  "model": "a/b" // cheap\r\n}\r\n');
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});

describe("the line that is there is changed", () => {
  test("where it is only a name", () => {
    expect(JSON.parse(edited('{"plugin":["a","bridge@1","b"]}'))).toEqual({
      plugin: ["a", ["bridge", WANTED.options], "b"],
    });
  });

  test("in what is different alone: other options and comments stay", () => {
    const before = `{
  "plugin": [
    ["bridge", {
      "url": "https://old", // the server
      "verbosity": "quiet" // less
    }]
  ]
}`;
    expect(edited(before)).toBe(`{
  "plugin": [
    ["bridge", {
      "url": "https://chat", // the server
      "verbosity": "quiet", // less
      "owner": "alice"
    }]
  ]
}`);
  });

  test("as an object of OpenCode 2, whose list wins over the other", () => {
    const before = '{"plugin":["bridge"],"plugins":[{"package":"bridge","options":{"url":"x"}}]}';
    expect(JSON.parse(edited(before))).toEqual({
      plugin: ["bridge"],
      plugins: [{ package: "bridge", options: WANTED.options }],
    });
  });

  test("not at all where it says so already", () => {
    const same = '{ "plugin": [ ["bridge", {"owner":"alice", "url":"https://chat"}] ] }';
    expect(edited(same)).toBe(same);
  });
});

test.each([
  ['{ "plugin": [', "line 1, column"],
  ['{\n  "a": \n}', "line 3, column 1"],
  ["[]", "no object"],
  ['{ "plugin": "bridge" }', '"plugin" is no list'],
  ['{ "plugins": {} }', '"plugins" is no list'],
])("%j is not touched: where it is wrong is said", (text, reason) => {
  const read = readPluginLine(text, isOurs);
  expect(read.kind === "unreadable" && read.reason).toContain(reason);
});
