import type { Ids } from "./ids.ts";
import { type RestEntry, wholeBody } from "./transcript.ts";

/** A live answer in the form in which answers are recorded. */
export interface LiveAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly bytes: Uint8Array;
}

/** A picture of one pixel, of the size of the recorded upload. */
const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The files that were uploaded: the recording names them, their bytes are these. */
const uploads: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "<file notes.txt 11>": new TextEncoder().encode("hello file\n"),
  "<file dot.png 70>": new Uint8Array(dot),
};

/** Makes a recorded call here. */
export async function askAs(
  url: string,
  token: string | undefined,
  { rest }: RestEntry,
  ids: Ids,
): Promise<LiveAnswer> {
  const path = ids.live(rest.path).replace(/since=(\d+)/, (_all, moment) => {
    return `since=${ids.liveTime(Number(moment)) ?? "a moment that has not been met yet"}`;
  });
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const body = liveBody(rest.body, ids);
  const init = body === undefined ? {} : { body };
  const response = await fetch(`${url}/api/v4${path}`, { method: rest.method, headers, ...init });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const isJson = /^[[{]/.test(text);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    json: isJson ? JSON.parse(text) : { nonJson: text, bytes: bytes.length },
    bytes,
  };
}

function liveBody(body: unknown, ids: Ids): string | FormData | undefined {
  if (body === undefined) return undefined;
  if (typeof body === "string") return ids.live(wholeBody(body));
  const fields = formFields(body);
  if (fields === undefined) return ids.live(JSON.stringify(body));
  const form = new FormData();
  for (const [name, value] of fields) {
    const bytes = uploads[value];
    if (bytes === undefined) form.append(name, ids.live(value));
    else form.append(name, new File([bytes], value.split(" ")[1] ?? ""));
  }
  return form;
}

function formFields(body: unknown): readonly (readonly [string, string])[] | undefined {
  if (typeof body !== "object" || body === null || !("form" in body)) return undefined;
  if (!Array.isArray(body.form)) return undefined;
  return body.form.map(([name, value]) => [String(name), String(value)]);
}
