/**
 * What ended a model's answer before the model had: its own limit, a filter of its provider, or a failure there. `silent`: there is
 * none, and nothing says why.
 */
export type CutShort = "limit" | "filter" | "error" | "silent";

const BY_FINISH: Readonly<Record<string, CutShort>> = {
  length: "limit",
  "content-filter": "filter",
  error: "error",
};

/** By the word in which models say how they ended; every OpenCode hands it on. */
export const cutShortBy = (finish: string | undefined): CutShort | undefined =>
  finish !== undefined && Object.hasOwn(BY_FINISH, finish) ? BY_FINISH[finish] : undefined;
