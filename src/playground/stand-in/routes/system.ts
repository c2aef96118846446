import { clientConfig } from "../client-config.ts";
import { refuse } from "../refusal.ts";
import type { Route } from "../route.ts";

/** The server itself, its configuration, its one team. */
export const systemRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/system/ping",
    open: true,
    run: (_call, { world }) => ({
      json: {
        ...(world.generation.newKeys
          ? { ActiveSearchBackend: "database" }
          : { DesktopLatestVersion: "", DesktopMinVersion: "" }),
        AndroidLatestVersion: "",
        AndroidMinVersion: "",
        IosLatestVersion: "",
        IosMinVersion: "",
        status: "OK",
      },
    }),
  },
  {
    method: "GET",
    path: "/config/client",
    open: true,
    run: (call, { world }) => ({ json: clientConfig(world, world.users.has(call.user.id)) }),
  },
  {
    method: "GET",
    path: "/users/:user_id/teams",
    run(call, { world }) {
      if (call.param("user_id") !== call.user.id) return refuse.permission();
      const { team, generation } = world;
      const wire: Record<string, unknown> = {
        id: team.id,
        create_at: team.createAt,
        update_at: team.createAt,
        delete_at: 0,
        display_name: "Dev",
        name: "dev",
        description: "",
        email: "",
        type: "O",
        company_name: "",
        allowed_domains: "",
        invite_id: team.inviteId,
        allow_open_invite: false,
        scheme_id: null,
        group_constrained: null,
        policy_id: null,
      };
      if (generation.newKeys) wire["cloud_limits_archived"] = false;
      return { json: [wire] };
    },
  },
  { method: "GET", path: "/emoji/:emoji_id", run: () => refuse.emoji() },
];
