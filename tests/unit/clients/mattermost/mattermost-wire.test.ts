import { describe, expect, test } from "bun:test";
import type { FileInfo as ServerFile } from "@mattermost/types/files";
import type { Post as ServerPost } from "@mattermost/types/posts";
import type { Reaction as ServerReaction } from "@mattermost/types/reactions";
import type { UserProfile as ServerUser } from "@mattermost/types/users";
import type { z } from "zod";
import {
  WireConfig,
  WireFile,
  WirePost,
  WirePostList,
  WireReaction,
  WireUser,
} from "../../../../src/clients/mattermost/mattermost-wire.ts";
import { UNREADABLE_PROPS } from "../../../../src/models/chat.ts";

/** Does not compile unless what the server's own types promise is what the schema reads. */
type Read<Schema extends z.ZodType, Server> = Pick<Server, keyof z.input<Schema> & keyof Server>;
const reads =
  <Server>() =>
  <Schema extends z.ZodType>(
    schema: Read<Schema, Server> extends z.input<Schema> ? Schema : never,
  ): Schema =>
    schema;

const schemas = [
  reads<ServerPost>()(WirePost),
  reads<ServerReaction>()(WireReaction),
  reads<ServerFile>()(WireFile),
  reads<ServerUser>()(WireUser),
];

const post = { id: "p", channel_id: "c", user_id: "u", message: "hi", create_at: 5 };

describe("what the server sends", () => {
  test("needs little to be read, and may have more", () => {
    expect(schemas.every((schema) => !schema.safeParse({}).success)).toBe(true);
    expect(WirePost.safeParse({ ...post, more: 1 }).data).toMatchObject({
      id: "p",
      message: "hi",
      type: "",
      editedMs: 0,
      deleted: false,
      props: {},
      files: [],
      reactions: [],
    });
  });

  test.each([
    { odd: null },
    { odd: undefined },
    { odd: "text" },
    { odd: [] },
    { odd: { files: 1 } },
  ])("has metadata and props that may be anything: %j", ({ odd }) => {
    const read = WirePost.safeParse({ ...post, metadata: odd, props: odd });
    expect(read.data).toMatchObject({ id: "p", files: [], reactions: [] });
    const isReadable = odd === null || odd === undefined || "files" in Object(odd);
    expect(read.data?.props === UNREADABLE_PROPS).toBe(!isReadable);
  });

  test("has lists in which one post that cannot be read hides no other", () => {
    const read = WirePostList.safeParse({ order: ["x", "p"], posts: { x: { id: 1 }, p: post } });
    expect(read.data?.listed.map(({ id }) => String(id))).toEqual(["p"]);
    expect(read.data?.count).toBe(2);
  });

  test("has limits that may be missing, empty or nonsense", () => {
    const usual = {
      version: "",
      siteUrl: "",
      maxPostChars: 16_383,
      maxFileBytes: 50 * 1024 * 1024,
      postEditLimitSeconds: -1,
    };
    expect(WireConfig.safeParse({}).data).toEqual(usual);
    const odd = { MaxPostSize: "", MaxFileSize: "many", PostEditTimeLimit: "", SiteURL: null };
    expect(WireConfig.safeParse(odd).data).toEqual(usual);
    expect(WireConfig.safeParse({ MaxPostSize: "0", MaxFileSize: "-1" }).data).toEqual(usual);
    const given = { MaxPostSize: "4000", PostEditTimeLimit: "300", SiteURL: "https://x/mm//" };
    expect(WireConfig.safeParse(given).data).toMatchObject({
      maxPostChars: 4_000,
      postEditLimitSeconds: 300,
      siteUrl: "https://x/mm",
    });
  });
});
