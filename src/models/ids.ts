/**
 * Opaque identifiers. A value gets its brand once, where wire data enters (`src/clients`) or where a stored
 * entry is parsed; everywhere else the types keep a post id from being used as a session id.
 */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** OpenCode: `ses_…` */
export type SessionId = Id<"session">;
/** OpenCode: `msg_…`; the id of a user message is also the id of the turn that it starts. */
export type MessageId = Id<"message">;
/** OpenCode: `per_…` or `que_…` */
export type RequestId = Id<"request">;
/** OpenCode: the id of one tool call, unique in its session. */
export type CallId = Id<"call">;
/** Mattermost: 26 characters. */
export type PostId = Id<"post">;
export type ChannelId = Id<"channel">;
export type UserId = Id<"user">;
export type FileId = Id<"file">;
/** One life of one OpenCode process with this plugin loaded. */
export type InstanceId = Id<"instance">;

export const asSessionId = (raw: string): SessionId => raw as SessionId;
export const asMessageId = (raw: string): MessageId => raw as MessageId;
export const asRequestId = (raw: string): RequestId => raw as RequestId;
export const asCallId = (raw: string): CallId => raw as CallId;
export const asPostId = (raw: string): PostId => raw as PostId;
export const asChannelId = (raw: string): ChannelId => raw as ChannelId;
export const asUserId = (raw: string): UserId => raw as UserId;
export const asFileId = (raw: string): FileId => raw as FileId;
export const asInstanceId = (raw: string): InstanceId => raw as InstanceId;

/** `ses_…Gd5n`: the end of the id, because its beginning is a clock that sessions of one minute share. */
export const shortSessionId = (id: SessionId): string => `ses_…${id.slice(-4)}`;
