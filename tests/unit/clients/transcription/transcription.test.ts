import { afterEach, expect, test } from "bun:test";
import { createTranscription } from "../../../../src/clients/transcription/transcription.ts";
import { startTranscriptionService } from "../../../support/transcription-service.ts";
import { OPEN_RETRY } from "../../../support/voice-message.ts";

let server: ReturnType<typeof startTranscriptionService> | undefined;
afterEach(() => server?.stop());

function service(answer: () => Response) {
  server = startTranscriptionService(answer);
  return server;
}

const SOUND = { name: "voice.wav", mime: "audio/wav", bytes: OPEN_RETRY };

test("the recording goes there whole, with the model and the names of the project", async () => {
  const { url, asked } = service(() => Response.json({ text: " open retry.ts " }));
  const { transcribe } = createTranscription({ url, key: "secret", model: "whisper-1" });
  expect(await transcribe(SOUND, ["retry.ts", "createLane"])).toBe("open retry.ts");
  expect(asked).toEqual([
    {
      path: "/v1/audio/transcriptions",
      key: "Bearer secret",
      model: "whisper-1",
      prompt: "Names that may occur: retry.ts, createLane",
      name: "voice.wav",
      bytes: OPEN_RETRY,
    },
  ]);
});

test("the address of the transcriptions themselves, a service without a key, no names", async () => {
  const { url, asked } = service(() => Response.json({ text: "hi" }));
  const settings = { url: `${url}/audio/transcriptions/`, model: "m" };
  expect(await createTranscription(settings).transcribe(SOUND, [])).toBe("hi");
  expect(asked[0]?.path).toBe("/v1/audio/transcriptions");
  expect(asked[0]?.key).toBeNull();
  expect(asked[0]?.prompt).toBeUndefined();
});

test.each([
  [301, "", /has moved: set the url that it leads to/],
  [401, { error: { message: "bad key sk-…" } }, /does not accept the key: bad key/],
  [404, "<html>not here</html>", /no transcriptions at that url[^<]*$/],
  [413, {}, /too long/],
  [429, {}, /try again later/],
  [500, "oops", /it answered 500$/],
  [200, "<html></html>", /something else than a transcription/],
  [200, { words: [] }, /something else than a transcription/],
] as const)(
  "what it answers with %d is said with what to do, case %#",
  async (status, body, said) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { location: "/elsewhere" };
    const { url, asked } = service(() => new Response(text, { status, headers }));
    const { transcribe } = createTranscription({ url, key: "k", model: "m" });
    await expect(transcribe(SOUND, [])).rejects.toThrow(said);
    expect(asked).toHaveLength(1);
  },
);

test("a service that is not there", async () => {
  const settings = { url: "http://127.0.0.1:9/v1", model: "m" };
  await expect(createTranscription(settings).transcribe(SOUND, [])).rejects.toThrow(
    /did not answer/,
  );
});
