import { expect, test } from "bun:test";
import { storagePaths } from "../../../src/persistence/paths.ts";

test("paths follow XDG where it is absolute, else the home folder", () => {
  const own = {
    mappings: "/home/a/.config/opencode/mattermost-threads.json",
    state: "/home/a/.local/state/opencode-mattermost",
    log: "/home/a/.local/state/opencode-mattermost/log.txt",
  };
  expect(storagePaths({}, "/home/a")).toEqual(own);
  expect(storagePaths({ XDG_CONFIG_HOME: "", XDG_STATE_HOME: "state" }, "/home/a")).toEqual(own);
  expect(storagePaths({ XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s" }, "/home/a")).toEqual({
    mappings: "/c/opencode/mattermost-threads.json",
    state: "/s/opencode-mattermost",
    log: "/s/opencode-mattermost/log.txt",
  });
});
