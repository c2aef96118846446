import { expect, test } from "bun:test";
import { withGivenSecrets } from "../../../src/entry/given-secrets.ts";

test("what a configuration finds no more is as it was given last, each secret in its own place", () => {
  const first = { url: "u", token: "token-1", transcription: { url: "t", key: "key-1" } };
  expect(withGivenSecrets(first)).toEqual(first);
  const empty = { url: "u", token: "", transcription: { url: "t", key: "" } };
  expect(withGivenSecrets(empty)).toEqual(first);
  expect(withGivenSecrets({ token: "", transcription: undefined })).toEqual({
    token: "token-1",
    transcription: undefined,
  });
  expect(withGivenSecrets({ url: "u" })).toEqual({ url: "u" });
  const later = { token: "token-2", transcription: { key: "key-2" } };
  expect(withGivenSecrets(later)).toEqual(later);
  expect(withGivenSecrets(empty)).toMatchObject({
    token: "token-2",
    transcription: { key: "key-2" },
  });
});

test.each([undefined, null, "options", ["token"]])("%j is left as it is", (options) => {
  expect(withGivenSecrets(options)).toEqual(options);
});
