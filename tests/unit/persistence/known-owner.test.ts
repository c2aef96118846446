import { expect, test } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { asUserId } from "../../../src/models/ids.ts";
import { createKnownOwner } from "../../../src/persistence/known-owner.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("whom the name meant is kept, for its user's eyes only", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "owner-1");
  expect(createKnownOwner(path).id()).toBeUndefined();
  createKnownOwner(path).remember(asUserId("q9ia1yoh6trj8e3xc4qzumbw7r"));
  expect(createKnownOwner(path).id()).toBe(asUserId("q9ia1yoh6trj8e3xc4qzumbw7r"));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each(["", "\n", "two words", "../x"])(
  "a file that says %j says nothing: nobody is guessed",
  (text) => {
    using folder = temporaryFolder();
    const path = join(folder.path, "owner-1");
    writeFileSync(path, text);
    expect(() => createKnownOwner(path).id()).toThrow(StoreError);
  },
);
