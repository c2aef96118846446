// What OpenCode says of what went wrong, as it says it.
import { expect, test } from "bun:test";
import { parseHostEvent } from "../../../../src/clients/opencode/opencode-events.ts";
import type { HostEvent } from "../../../../src/models/host-event.ts";

const heard = (message: string, name = "UnknownError"): HostEvent | undefined =>
  parseHostEvent({
    type: "session.error",
    properties: { sessionID: "ses_1", error: { name, data: { message } } },
  });

const IN_A_PROMPT =
  "\n    at catch (/$bunfs/root/chunk-p1c43e92.js:1004:6414)\n    at SessionPrompt.createUserMessage (/$bunfs/root/chunk-p1c43e92.js:1142:9959)\n    at SessionPrompt.prompt (/$bunfs/root/chunk-adp7mbpt.js:4:13569)";
const IN_A_RUN =
  "\n    at SessionPrompt.getModel (/$bunfs/root/chunk-p1c43e92.js:1142:11505)\n    at SessionPrompt.run (/$bunfs/root/chunk-p1c43e92.js:1142:15339)";

test("a prompt that it has taken and then refuses: the reason without the stack", () => {
  expect(heard(`ImageDecodeError: Image could not be decoded${IN_A_PROMPT}`)).toMatchObject({
    type: "prompt-refused",
    reason: "Image could not be decoded",
  });
  expect(heard(`Error: default agent "nobody" not found${IN_A_PROMPT}`)).toMatchObject({
    reason: 'default agent "nobody" not found',
  });
});

test("a refusal whose reason was told before has none of its own", () => {
  expect(heard(`UnknownError: UnknownError${IN_A_PROMPT}`)).not.toHaveProperty("reason");
});

test("a run that fails is no refusal, and its stack is not shown either", () => {
  const failed = heard(`ProviderModelNotFoundError: Model not found: a/b.${IN_A_RUN}`);
  expect(failed).toMatchObject({ type: "failed", error: { message: "Model not found: a/b." } });
  const plain = heard("Error: fetch failed at https://a.example", "APIError");
  expect(plain).toMatchObject({ error: { message: "Error: fetch failed at https://a.example" } });
});

test("a directory that cannot be used any more: what to do", () => {
  const failed = heard("All fibers interrupted without error");
  expect(failed).toMatchObject({ error: { message: expect.stringContaining("restart OpenCode") } });
});
