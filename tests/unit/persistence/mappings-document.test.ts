import { describe, expect, test } from "bun:test";
import { asChannelId, asInstanceId, asPostId, asSessionId } from "../../../src/models/ids.ts";
import {
  cursorIn,
  EMPTY,
  findEntry,
  type MappingsDocument,
  parseDocument,
  readEntries,
  serialize,
  withCursor,
  withEntry,
} from "../../../src/persistence/mappings-document.ts";
import { aMapping } from "../../support/mappings.ts";

const parse = (text: string) => parseDocument(new TextEncoder().encode(text));
const documentOf = (...threads: unknown[]): MappingsDocument => ({ version: 1, threads });

describe("the mappings document", () => {
  test("reads what it wrote", () => {
    const document = withCursor(
      withEntry(EMPTY, aMapping("a", { owner: asInstanceId("me") })),
      asChannelId("dm"),
      asPostId("post"),
    );
    expect(parse(serialize(document))).toEqual({ kind: "readable", document });
    expect(parse(`\uFEFF${serialize(document)}`)).toEqual({ kind: "readable", document });
  });

  const unreadable: readonly [string, RegExp][] = [
    ["", /empty/],
    ["{", /not JSON/],
    ['{"version":1,"threads":[]', /not JSON/],
    ["[]", /version|object/],
    ["null", /object/],
    ["{}", /version/],
    ['{"version":0,"threads":[]}', /no version 0/],
    ['{"version":1.5,"threads":[]}', /version/],
    ['{"version":1}', /threads/],
    ['{"version":1,"threads":{}}', /threads/],
    ['{"version":1,"threads":[],"cursors":[]}', /cursors/],
  ];
  for (const [text, reason] of unreadable) {
    test(`does not read ${JSON.stringify(text)}`, () => {
      expect(parse(text)).toEqual({ kind: "unreadable", reason: expect.stringMatching(reason) });
    });
  }

  test("does not read broken characters, which writing would change for good", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"version":1,"threads":["'),
      Buffer.from([0xff]),
      Buffer.from('"]}'),
    ]);
    expect(parseDocument(bytes).kind).toBe("unreadable");
  });

  test("knows a newer version whatever its shape", () => {
    expect(parse('{"version":2,"threads":{"a":1}}')).toEqual({ kind: "newer", version: 2 });
  });

  test("keeps entries that it does not understand, and says where they are, not what they hold", () => {
    const odd = { ...aMapping("b"), status: "secret" };
    const document = documentOf(odd, "text", aMapping("a"), null);
    const { mappings, problems } = readEntries(document);
    expect(mappings).toEqual([aMapping("a")]);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^threads\[0\]: status: /);
    expect(problems.join()).not.toContain("secret");
    const changed = withEntry(document, aMapping("b"));
    expect(changed.threads).toEqual([odd, "text", aMapping("a"), null, aMapping("b")]);
  });

  test("keeps members that it does not know, at the top and in entries", () => {
    const stored = { ...aMapping("a"), colour: "blue" };
    const document: MappingsDocument = { ...documentOf(stored), note: "mine" };
    const changed = withEntry(document, aMapping("a", { title: "Renamed" }));
    expect(changed).toEqual({ ...documentOf({ ...stored, title: "Renamed" }), note: "mine" });
    const again = withEntry(document, { ...stored, title: "Renamed", ...{ colour: "red" } });
    expect(again.threads).toEqual([{ ...stored, title: "Renamed", colour: "red" }]);
  });

  test("is the same one where nothing changes", () => {
    const document = withCursor(
      documentOf({ extra: 1, ...aMapping("a"), colour: "blue" }),
      asChannelId("dm"),
      asPostId("post"),
    );
    const stored = findEntry(document, asSessionId("a"));
    expect(stored).toBeDefined();
    expect(withEntry(document, aMapping("a", { owner: undefined }))).toBe(document);
    expect(stored && withEntry(document, { ...stored })).toBe(document);
    expect(withCursor(document, asChannelId("dm"), asPostId("post"))).toBe(document);
  });

  test("takes the entry changed last where a session has several, and the next change makes it one", () => {
    const older = aMapping("a", { updatedAtMs: 1, title: "older" });
    const newer = aMapping("a", { updatedAtMs: 2, title: "newer" });
    for (const document of [documentOf(older, newer), documentOf(newer, older)]) {
      expect(readEntries(document).mappings).toEqual([newer]);
      expect(findEntry(document, asSessionId("a"))).toEqual(newer);
    }
    const document = documentOf(older, aMapping("b"), newer);
    const wanted = aMapping("a", { updatedAtMs: 0 });
    expect(withEntry(document, wanted).threads).toEqual([wanted, aMapping("b")]);
  });

  test("refuses to store what it could not read again", () => {
    expect(() => withEntry(EMPTY, aMapping("a", { createdAtMs: Number.NaN }))).toThrow();
  });

  test("passes over a cursor that is none", () => {
    const document: MappingsDocument = { ...EMPTY, cursors: { dm: 7, other: "post" } };
    expect(cursorIn(document, asChannelId("dm"))).toBeUndefined();
    expect(cursorIn(document, asChannelId("other"))).toBe(asPostId("post"));
    expect(withCursor(document, asChannelId("dm"), asPostId("p")).cursors).toEqual({
      dm: "p",
      other: "post",
    });
  });
});
