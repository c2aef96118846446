import type { Route } from "../route.ts";
import { channelRoutes } from "./channels.ts";
import { fileRoutes } from "./files.ts";
import { pinnedRoute, postRoutes } from "./posts.ts";
import { reactionRoutes } from "./reactions.ts";
import { systemRoutes } from "./system.ts";
import { threadRoutes } from "./threads.ts";
import { userRoutes } from "./users.ts";

/** Everything that the stand-in answers under `/api/v4`. */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...userRoutes,
  ...channelRoutes,
  ...postRoutes,
  pinnedRoute,
  ...reactionRoutes,
  ...threadRoutes,
  ...fileRoutes,
];
