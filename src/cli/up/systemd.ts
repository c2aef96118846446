/** Pure: a user unit that runs `command` from every boot on, and starts it again when it ends. */
export function systemdUnit(options: {
  readonly command: readonly string[];
  readonly directories: readonly string[];
  /** Where the unit finds OpenCode, Node and git: a service has no shell that would say. */
  readonly path: string;
}): string {
  const { command, directories, path } = options;
  return `[Unit]
Description=OpenCode with Mattermost for ${directories.map(escaped).join(", ")}
After=network-online.target
Wants=network-online.target

[Service]
Environment=${quoted(`PATH=${path}`)}
ExecStart=${command.map(asArgument).join(" ")}
Restart=always
RestartSec=10
KillMode=mixed
TimeoutStopSec=20

[Install]
WantedBy=default.target
`;
}

/** What to do with it. */
export const SYSTEMD_STEPS = `Save this as ~/.config/systemd/user/opencode-mattermost.service, then:
  systemctl --user daemon-reload
  systemctl --user enable --now opencode-mattermost
  loginctl enable-linger        # also while you are not logged in
  journalctl --user -u opencode-mattermost -f
What you have set in your shell is not known there: the settings have to be in OpenCode's configuration, where setup writes them.`;

/** "%" stands for something in every value, a line's end ends it. */
const escaped = (word: string): string =>
  word.replaceAll("\\", "\\\\").replaceAll("%", "%%").replaceAll("\n", "\\n");

const quoted = (word: string): string => `"${escaped(word).replaceAll('"', '\\"')}"`;

/** "$" stands for something in commands alone. */
const asArgument = (word: string): string => quoted(word).replaceAll("$", "$$$$");
