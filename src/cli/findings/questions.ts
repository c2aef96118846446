/** What the bot writes first. */
export const HELLO =
  "👋 I am connected. Start OpenCode, and each session gets its thread here: reply in it to prompt the session. `!help` says what else there is.";

export const NEXT =
  "Start OpenCode as always: a session's thread appears with its first prompt. `opencode-mattermost doctor` looks again; `opencode-mattermost up DIR…` keeps OpenCode running for `!new`.";

export const QUESTIONS = {
  url: "Your Mattermost server's address",
  token: "The bot account's access token (Mattermost: Integrations → Bot Accounts)",
  tokenAgain: "The bot account's access token (Enter keeps the one that is stored)",
  owner: "Your Mattermost username or user id: only you can do anything with the bot",
  better: "Use {better}?",
  insecure: "Send the token unencrypted to {host} all the same?",
  cancelled: "Nothing has been changed.",
  noTerminal:
    "There is no terminal to ask in. Run it with --yes and give --url, --owner and the token (MATTERMOST_TOKEN, --token-file or --token-stdin).",
} as const;

/** What `up` says. */
export const UP = {
  noDirectory: (paths: readonly string[]): string =>
    `There is no such directory: ${paths.join(", ")}. Name the projects that you want to reach.`,
  runs: (version: string, url: string): string =>
    `OpenCode ${version} runs at ${url}. Ctrl-C ends it.`,
  loaded: (directory: string): string => `✓ ${directory}: !new starts a session there.`,
  notLoaded: (directory: string, reason: string): string =>
    `✗ ${directory}: the bridge is not there (${reason}).\n  → \`npx opencode-mattermost doctor\` says why.`,
} as const;
