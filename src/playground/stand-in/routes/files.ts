import { addFile, downloadHeaders, wireFile } from "../files.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { Answer, Call, Route, RouteContext } from "../route.ts";
import type { FileRow } from "../rows.ts";

/** Uploading and downloading files. */
export const fileRoutes: readonly Route[] = [
  { method: "POST", path: "/files", run: upload },
  {
    method: "GET",
    path: "/files/:file_id",
    run: onFile((file, { world }) => ({
      bytes: file.bytes,
      headers: downloadHeaders(world, file),
    })),
  },
  {
    method: "GET",
    path: "/files/:file_id/info",
    run: onFile((file, { world }) => ({
      json: wireFile(world, file),
      headers: { "cache-control": "max-age=2592000, private" },
    })),
  },
];

function onFile(run: (file: FileRow, context: RouteContext) => Answer): Route["run"] {
  return (call, context) => {
    const file = context.world.files.get(call.param("file_id"));
    if (file === undefined) return refuse.file();
    const channel = context.world.channels.get(file.channelId);
    const mine = file.userId === call.user.id;
    const shared = file.postId !== "" && channel?.members.has(call.user.id) === true;
    return mine || shared ? run(file, context) : refuse.permission();
  };
}

async function upload(call: Call, { world }: RouteContext): Promise<Answer> {
  const form = await readUpload(call);
  if (form === undefined) return refuse.bodyParam("files");
  if (world.channels.get(form.channelId)?.members.has(call.user.id) !== true) {
    return refuse.permission();
  }
  const made: FileRow[] = [];
  for (const { name, bytes } of form.files) {
    const { channelId } = form;
    const file = addFile(world, { userId: call.user.id, channelId, name, bytes });
    if (file instanceof Refusal) return file;
    made.push(file);
  }
  const infos = made.map((file) => wireFile(world, file));
  return { status: 201, json: { file_infos: infos, client_ids: form.clientIds } };
}

interface Upload {
  readonly channelId: string;
  readonly clientIds: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

async function readUpload(call: Call): Promise<Upload | undefined> {
  const name = call.query.get("filename");
  const channelId = call.query.get("channel_id") ?? "";
  if (name !== null) return { channelId, clientIds: [], files: [{ name, bytes: call.bytes }] };
  const headers = { "content-type": call.contentType };
  const form = await new Response(call.bytes, { headers }).formData().catch(() => undefined);
  if (form === undefined) return undefined;
  const files = form.getAll("files").flatMap((each) => (each instanceof File ? [each] : []));
  const names = namesIn(call);
  return {
    channelId: String(form.get("channel_id") ?? channelId),
    clientIds: form.getAll("client_ids").map(String),
    files: await Promise.all(
      files.map(async (file, at) => ({
        name: String(file.name ?? names[at] ?? "file"),
        bytes: await file.bytes(),
      })),
    ),
  };
}

/** The names of a form's files as they stand in it: Bun forgets that of an empty one. */
function namesIn({ contentType, bytes }: Call): readonly string[] {
  const [, quoted, bare = ""] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return new TextDecoder()
    .decode(bytes)
    .split(`--${quoted ?? bare}\r\n`)
    .flatMap((part) => {
      const [head = ""] = part.split("\r\n\r\n", 1);
      return /\bname="files"/i.test(head) ? (/\bfilename="([^"]*)"/i.exec(head)?.[1] ?? []) : [];
    });
}
