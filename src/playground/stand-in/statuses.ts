import type { UserRow } from "./rows.ts";
import type { World } from "./world.ts";

/** The user did something: online, unless it asked for another status; its own sockets are told. */
export function setOnline(world: World, user: UserRow): void {
  user.lastActivityAt = world.now();
  if (user.status === "offline" || user.status === "away") setStatus(world, user, "online");
}

/** Changes the status; the user's own sockets are told of a change, nobody else. */
export function setStatus(world: World, user: UserRow, status: UserRow["status"]): void {
  if (user.status === status) return;
  user.status = status;
  world.publish("status_change", { status, user_id: user.id }, { userId: user.id });
}

/** The status as clients read it. */
export function wireStatus(user: UserRow): Record<string, unknown> {
  return {
    user_id: user.id,
    status: user.status,
    manual: false,
    last_activity_at: user.lastActivityAt,
    dnd_end_time: 0,
  };
}
