import { newId } from "./ids.ts";
import { miniPreview } from "./mini-preview.ts";
import { pictureSize } from "./picture-size.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { FileRow, PostRow } from "./rows.ts";
import type { World } from "./world.ts";

const mimeTypes: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  diff: "text/x-diff",
  gif: "image/gif",
  html: "text/html; charset=utf-8",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  log: "text/plain; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webp: "image/webp",
  zip: "application/zip",
};

/** Keeps an upload, not yet attached to a post. */
export function addFile(
  world: World,
  given: Pick<FileRow, "userId" | "channelId" | "name" | "bytes">,
): FileRow | Refusal {
  const limit = world.limits.fileBytes;
  if (given.bytes.length > limit) return refuse.fileSize(given.name, given.bytes.length, limit);
  const mime = mimeTypes[extension(given.name)] ?? "application/octet-stream";
  const file: FileRow = {
    ...given,
    id: newId(),
    postId: "",
    createAt: world.now(),
    deleteAt: 0,
    mime,
    picture: mime.startsWith("image/") ? pictureSize(given.bytes) : undefined,
  };
  world.files.set(file.id, file);
  return file;
}

/** Of `ids`, those that the author may attach: its own uploads to this channel, not yet attached. */
export function attachable(
  world: World,
  ids: readonly string[],
  author: Pick<PostRow, "userId" | "channelId">,
): readonly FileRow[] {
  return [...new Set(ids)].flatMap((id) => {
    const file = world.files.get(id);
    const mine = file?.userId === author.userId && file.channelId === author.channelId;
    return file !== undefined && mine && file.postId === "" ? [file] : [];
  });
}

/** The file as clients read it. */
export function wireFile(world: World, file: FileRow): Record<string, unknown> {
  const wire: Record<string, unknown> = { id: file.id, user_id: file.userId };
  if (file.postId !== "") wire["post_id"] = file.postId;
  wire["channel_id"] = world.generation.fileChannel ? file.channelId : "";
  wire["create_at"] = file.createAt;
  wire["update_at"] = file.createAt;
  wire["delete_at"] = file.deleteAt;
  wire["name"] = file.name;
  wire["extension"] = extension(file.name);
  wire["size"] = file.bytes.length;
  wire["mime_type"] = file.mime;
  if (file.picture !== undefined) {
    Object.assign(wire, file.picture, { has_preview_image: true });
  }
  wire["mini_preview"] = file.picture === undefined ? null : miniPreview;
  wire["remote_id"] = "";
  if (world.generation.fileChannel) wire["archived"] = false;
  return wire;
}

/** The headers under which a file is downloaded. */
export function downloadHeaders(world: World, file: FileRow): Record<string, string> {
  const shown = file.mime.startsWith("image/") && file.mime !== "image/svg+xml";
  const name = encodeURIComponent(file.name);
  return {
    "content-type": file.mime,
    "x-uncompressed-content-length": String(file.bytes.length),
    "content-disposition": `${shown ? "inline" : "attachment"};filename="${name}"; filename*=UTF-8''${name}`,
    "cache-control": world.generation.newKeys ? "private, max-age=86400" : "private, no-cache",
  };
}

/** Whether any of a post's files is a picture. */
export function hasPicture(files: readonly FileRow[]): boolean {
  return files.some((file) => file.mime.startsWith("image/"));
}

function extension(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}
