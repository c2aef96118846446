import type { SessionId } from "../models/ids.ts";
import type { Route } from "../models/routing.ts";
import { missingWordsNotice, wrongPlaceNotice } from "./command-notice.ts";
import {
  blankNotice,
  didYouMeanNotice,
  mainDmPromptNotice,
  mePostNotice,
  needlessWordsNotice,
  overNotice,
  unknownThreadNotice,
} from "./notice.ts";

/** What is not acted on, by its route. */
export type Refused = Exclude<Route, { readonly type: "command" | "thread-prompt" }>;

/** Why a post is not acted on, and what to do instead. `id`: the session of its thread, where it has one. */
export function refusalText(route: Refused, id: SessionId): string {
  switch (route.type) {
    case "unknown-command":
      return didYouMeanNotice(route.typed, route.meant);
    case "wrong-place":
      return wrongPlaceNotice(route.name, route.worksIn);
    case "missing-words":
      return missingWordsNotice(route);
    case "needless-words":
      return needlessWordsNotice(route.name);
    case "blank":
      return blankNotice();
    case "me-post":
      return mePostNotice();
    case "ended-session":
      return overNotice(route.status, id);
    case "unknown-thread":
      return unknownThreadNotice();
    case "main-dm-prompt":
      return mainDmPromptNotice();
  }
}
