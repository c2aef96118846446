/** What a transcription service was asked. */
export interface Heard {
  readonly path: string;
  readonly key: string | null;
  readonly model: string;
  readonly prompt: string | undefined;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A transcription service on this machine, which keeps what it was asked, and refuses what is no such request. */
export function startTranscriptionService(answer: () => Response | Promise<Response>) {
  const asked: Heard[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const form = await request.formData();
      const file = form.get("file");
      if (!(file instanceof File)) return new Response("There is no file.", { status: 400 });
      asked.push({
        path: new URL(request.url).pathname,
        key: request.headers.get("authorization"),
        model: String(form.get("model")),
        prompt: form.has("prompt") ? String(form.get("prompt")) : undefined,
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      });
      return answer();
    },
  });
  return { url: `http://127.0.0.1:${server.port}/v1`, asked, stop: () => server.stop(true) };
}
