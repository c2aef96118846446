import { z } from "zod";
import { messageOf } from "../../errors.ts";
import type { Transcription } from "../../ports.ts";

const ANSWER_WITHIN_MS = 120_000;
const PATH = "/audio/transcriptions";

export interface TranscriptionSettings {
  /** `https://api.openai.com/v1`, or the address of the transcriptions themselves. */
  readonly url: string;
  /** Some services of one's own need none. */
  readonly key?: string | undefined;
  readonly model: string;
}

const Answer = z.object({ text: z.string() });

/** Voice to text by an OpenAI-compatible service. */
export function createTranscription({ url, key, model }: TranscriptionSettings): Transcription {
  const base = url.replace(/\/+$/, "");
  const address = base.endsWith(PATH) ? base : `${base}${PATH}`;

  async function ask(body: FormData): Promise<Response> {
    try {
      return await fetch(address, {
        method: "POST",
        body,
        // The sound and the key go nowhere else than where the owner said.
        redirect: "manual",
        headers: { accept: "application/json", ...(key && { authorization: `Bearer ${key}` }) },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
    } catch (error) {
      throw new Error(`the transcription service did not answer: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  return {
    async transcribe({ name, mime, bytes }, hints) {
      const body = new FormData();
      body.set("file", new Blob([new Uint8Array(bytes)], { type: mime }), name);
      body.set("model", model);
      body.set("response_format", "json");
      if (hints.length > 0) body.set("prompt", `Names that may occur: ${hints.join(", ")}`);
      const response = await ask(body);
      const text = await response.text();
      if (!response.ok) throw new Error(refusal(response.status, text));
      const { data } = Answer.safeParse(jsonIn(text));
      if (!data) throw new Error(`${address} answered something else than a transcription`);
      return data.text.trim();
    },
  };
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "it does not accept the key",
  403: "it does not accept the key",
  404: "there are no transcriptions at that url, or it does not know the model",
  413: "the recording is too long for it",
  429: "it takes no more requests now: try again later",
};

/** What the service says of itself is shown where it is a message, not where it is a page. */
function refusal(status: number, text: string): string {
  if (status >= 300 && status < 400) {
    return "the transcription service has moved: set the url that it leads to";
  }
  const { data } = z.object({ error: z.object({ message: z.string() }) }).safeParse(jsonIn(text));
  const advice = ADVICE[status] ?? `it answered ${status}`;
  const said = data ? `: ${data.error.message.slice(0, 200)}` : "";
  return `the transcription service refused, ${advice}${said}`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
