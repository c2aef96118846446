import { expect, test } from "bun:test";
import { readArguments } from "../../../src/playground/arguments.ts";

test.each([
  [[], { kind: "page", port: undefined, model: undefined }],
  [["--port", "4000"], { kind: "page", port: 4000, model: undefined }],
  [["--port=0"], { kind: "page", port: 0, model: undefined }],
  [["--once"], { kind: "once" }],
  [["-h"], { kind: "help" }],
  [["--once", "--help"], { kind: "help" }],
  [
    ["--model", "openrouter/meta/llama-3"],
    { kind: "page", port: undefined, model: { provider: "openrouter", name: "meta/llama-3" } },
  ],
] as const)("%p is understood", (given, wanted) => {
  expect(readArguments(given)).toEqual(wanted);
});

test.each([
  [["--port", "many"], "Give a number from 0 to 65535"],
  [["--port", "70000"], "Give a number from 0 to 65535"],
  [["--port="], "Give a number from 0 to 65535"],
  [["--model", "gpt"], "Give provider/name"],
  [["--model", "/gpt"], "Give provider/name"],
  [["--once", "--port", "1"], "Leave --port and --model out"],
  [["--nonsense"], "--once  "],
  [["word"], "--once  "],
] as const)("%p is refused with the next step", (given, hint) => {
  expect(readArguments(given)).toContain(hint);
});
