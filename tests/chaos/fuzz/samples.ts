import type { Random } from "../random.ts";

const POST = {
  id: "post0000000000000000000001",
  channel_id: "dm000000000000000000000000",
  user_id: "alice000000000000000000000",
  root_id: "",
  message: "hello",
  type: "",
  create_at: 1,
  edit_at: 0,
  update_at: 1,
  delete_at: 0,
  props: { opencode_mattermost: { v: 1, key: "root", session_id: "ses_1", machine_id: "m" } },
  file_ids: ["f1"],
  metadata: {
    files: [{ id: "f1", name: "a.png", mime_type: "image/png", size: 10 }],
    reactions: [{ user_id: "u", post_id: "p", emoji_name: "eyes" }],
  },
};
const REACTION = { user_id: "u", post_id: "p", emoji_name: "+1", create_at: 1 };

/** What Mattermost's socket sends. */
export const FRAMES: readonly [object, ...object[]] = [
  { event: "hello", data: { connection_id: "c1", server_version: "9.9" }, broadcast: {}, seq: 0 },
  { event: "posted", data: { channel_type: "D", post: JSON.stringify(POST) }, seq: 1 },
  { event: "post_edited", data: { post: JSON.stringify(POST) }, seq: 2 },
  { event: "post_deleted", data: { post: JSON.stringify(POST) }, seq: 3 },
  { event: "reaction_added", data: { reaction: JSON.stringify(REACTION) }, seq: 4 },
  { event: "reaction_removed", data: { reaction: JSON.stringify(REACTION) }, seq: 5 },
  { status: "OK", seq_reply: 1 },
  { event: "typing", data: { parent_id: "" }, seq: 6 },
];

const SESSION = {
  id: "ses_1",
  title: "Title",
  directory: "/home/alice/project",
  time: { created: 1, updated: 2 },
};
const part = (about: object) => ({
  type: "message.part.updated",
  properties: { part: { id: "prt_1", sessionID: "ses_1", messageID: "msg_1", ...about } },
});
const TOOL = {
  status: "completed",
  input: { command: "ls" },
  output: "a",
  time: { start: 1, end: 2 },
};

/** What OpenCode's event hook gives. */
export const HOST_EVENTS: readonly [object, ...object[]] = [
  { type: "session.created", properties: { info: SESSION } },
  { type: "session.updated", properties: { info: SESSION } },
  { type: "session.deleted", properties: { info: SESSION } },
  { type: "session.status", properties: { sessionID: "ses_1", status: { type: "busy" } } },
  { type: "session.idle", properties: { sessionID: "ses_1" } },
  {
    type: "session.error",
    properties: { sessionID: "ses_1", error: { name: "APIError", data: {} } },
  },
  {
    type: "message.updated",
    properties: { info: { id: "msg_1", sessionID: "ses_1", role: "user", time: { created: 3 } } },
  },
  part({ type: "text", text: "hello", time: { start: 1, end: 2 } }),
  part({ type: "tool", callID: "c", tool: "bash", state: TOOL }),
  part({ type: "reasoning", text: "hm", time: { start: 1 } }),
  {
    type: "message.part.delta",
    properties: {
      sessionID: "ses_1",
      messageID: "msg_1",
      partID: "prt_1",
      field: "text",
      delta: "x",
    },
  },
  {
    type: "permission.asked",
    properties: {
      id: "per_1",
      sessionID: "ses_1",
      permission: "bash",
      patterns: ["ls"],
      always: [],
    },
  },
  {
    type: "permission.asked",
    properties: {
      id: "per_2",
      sessionID: "ses_1",
      permission: "db_drop",
      patterns: ["*"],
      always: ["a *", "b\u3164 *"],
      metadata: { command: "a\u202eb", filepath: "x", diff: "+y", more: { deep: [1] } },
      tool: { messageID: "msg_2", callID: "c" },
    },
  },
  {
    type: "message.updated",
    properties: {
      info: {
        id: "msg_2",
        parentID: "msg_1",
        sessionID: "ses_1",
        role: "assistant",
        time: { created: 4 },
      },
    },
  },
  part({ type: "text", messageID: "msg_2", text: "!![a](u) `![b](u)`", time: { start: 1 } }),
  part({
    type: "tool",
    messageID: "msg_2",
    callID: "c",
    tool: "db_drop",
    state: { status: "running", input: { name: "a\u200bb", "![x](u)": { todos: ["`"] } } },
  }),
  {
    type: "question.asked",
    properties: {
      id: "q",
      sessionID: "ses_1",
      questions: [
        { question: "?", header: "h", options: [{ label: "a\u2800", description: "![x](u)" }] },
      ],
    },
  },
  {
    type: "todo.updated",
    properties: { sessionID: "ses_1", todos: [{ content: "a", status: "pending" }] },
  },
];

/** A mappings file. */
export const MAPPINGS = {
  version: 1,
  threads: [1, 2, 3].map((at) => ({
    sessionId: `ses_${at}`,
    channelId: "dm",
    rootPostId: `root${at}`,
    directory: "/home/alice/project",
    project: "project",
    title: "Title",
    machineId: "machine",
    status: "active",
    owner: "instance",
    createdAtMs: 1,
    updatedAtMs: 2,
  })),
  cursors: { dm: "post1" },
};

export const OPTIONS = {
  url: "https://chat.example.com",
  token: "secret-token-of-the-bot",
  owner: "alice",
  verbosity: "normal",
  customStatus: true,
  allowInsecure: false,
  requestsPerSecond: 8,
  requestBurst: 16,
  keepEndedDays: 30,
  maxFileBytes: 1_000,
};

const COMMANDS = [
  "stop",
  "help",
  "sessions",
  "resume",
  "yes",
  "no",
  "always",
  "status",
  "new",
] as const;

/** Something like a command, right or wrong. */
export function command(random: Random): string {
  const name = random.pick(COMMANDS);
  return random.pick([
    `!${name}`,
    ` !${name} `,
    `!${name} ${"x ".repeat(random.between(0, 50))}`,
    `!${name.slice(1)}`,
    `!${name}!`,
    `!!${name}`,
    `! ${name}`,
    `!${name.toUpperCase()}`,
    `!${name}\n${name}`,
  ]);
}
