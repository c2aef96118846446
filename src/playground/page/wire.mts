// What Mattermost sends, as typed values; what is not as expected is left out.

export interface Reaction {
  readonly userId: string;
  readonly emoji: string;
}

export interface FileInfo {
  readonly id: string;
  readonly name: string;
}

export interface Post {
  readonly id: string;
  readonly rootId: string;
  readonly userId: string;
  readonly message: string;
  readonly createAt: number;
  readonly updateAt: number;
  readonly editAt: number;
  readonly reactions: readonly Reaction[];
  readonly files: readonly FileInfo[];
  /** The root of a session's thread. */
  readonly isCard: boolean;
}

export interface Session {
  readonly me: { readonly id: string; readonly username: string; readonly token: string };
  readonly bot: { readonly id: string; readonly username: string };
  readonly channelId: string;
}

type Json = Readonly<Record<string, unknown>>;

export const asJson = (value: unknown): Json =>
  typeof value === "object" && value !== null ? { ...value } : {};
export const asText = (value: unknown): string => (typeof value === "string" ? value : "");
const asNumber = (value: unknown): number => (typeof value === "number" ? value : 0);
const asList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asJson) : []);

/** What a frame carries as JSON inside JSON. */
export function inner(value: unknown): Json {
  try {
    return asJson(JSON.parse(asText(value)));
  } catch {
    return {};
  }
}

export const readReaction = (json: Json): Reaction & { readonly postId: string } => ({
  postId: asText(json["post_id"]),
  userId: asText(json["user_id"]),
  emoji: asText(json["emoji_name"]),
});

/** Undefined for a deleted post. */
export function readPost(json: Json): Post | undefined {
  const id = asText(json["id"]);
  if (id === "" || asNumber(json["delete_at"]) > 0) return undefined;
  const metadata = asJson(json["metadata"]);
  const mark = asJson(asJson(json["props"])["opencode_mattermost"]);
  return {
    id,
    rootId: asText(json["root_id"]),
    userId: asText(json["user_id"]),
    message: asText(json["message"]),
    createAt: asNumber(json["create_at"]),
    updateAt: asNumber(json["update_at"]),
    editAt: asNumber(json["edit_at"]),
    reactions: asList(metadata["reactions"]).map(readReaction),
    files: asList(metadata["files"]).map((file) => ({
      id: asText(file["id"]),
      name: asText(file["name"]),
    })),
    isCard: asText(json["root_id"]) === "" && asText(mark["session_id"]) !== "",
  };
}

export function readSession(value: unknown): Session {
  const { me, bot, channelId } = asJson(value);
  const account = (json: Json) => ({ id: asText(json["id"]), username: asText(json["username"]) });
  return {
    me: { ...account(asJson(me)), token: asText(asJson(me)["token"]) },
    bot: account(asJson(bot)),
    channelId: asText(channelId),
  };
}
