/** Token counts to report instead of the estimated ones. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly reasoning?: number;
  readonly cached?: number;
}

/** A refusal. As the first step of a reply it is the HTTP answer; later it is an error inside the stream. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** OpenAI's `error.code`, such as `context_length_exceeded`. */
  readonly code?: string;
  /** Fail only this many calls, then go on with the steps that follow. Without it every call fails. */
  readonly times?: number;
}

export type Step =
  | { readonly text: string }
  | { readonly reasoning: string }
  | { readonly tool: string; readonly args: unknown }
  | { readonly error: Failure }
  /** Cut the connection in the middle of the answer. */
  | { readonly broken: true }
  | { readonly pauseMs: number }
  /** Hold the answer here until `release(gate)`. */
  | { readonly gate: string }
  | { readonly usage: Usage }
  /** Why the answer ends, where that is not told by what is in it: `length`, `content_filter`, … */
  | { readonly finish: string };

/** One answer of the model. Several tool steps are parallel tool calls. */
export type Reply = readonly Step[];
