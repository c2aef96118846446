import { server } from "./entry/opencode.ts";

export default { id: "opencode-mattermost", server };
