/** What can be found on this machine: settings, OpenCode, the files of the bridge. */
export const MACHINE_TEXTS = {
  "settings.ok": { line: "The settings are complete ({path})." },
  "settings.off": {
    line: "A setting is missing: {problem}.",
    fix: "Run `npx opencode-mattermost setup`, which asks for it and checks it.",
  },
  "settings.wrong": {
    line: "A setting is wrong. {problem}",
    fix: "Correct it, or run `npx opencode-mattermost setup`, which asks for it and checks it.",
  },
  "settings.no-file": {
    line: "The file {path}, which a setting names, cannot be read.",
    fix: "Run `npx opencode-mattermost setup`, which writes it anew; OpenCode does not start without it.",
  },

  "config.unreadable": {
    line: "{path} cannot be read ({reason}).",
    fix: "Mend the file, then run this again. Nothing has been changed.",
  },
  "config.written": { line: "{path} names the plugin." },
  "config.same": { line: "{path} named the plugin so already." },
  "config.failed": {
    line: "The settings could not be written: {reason}.",
    fix: "Make that place writable for you, then run this again.",
  },
  "token.kept": { line: "{path} keeps the token, readable for you alone." },
  "token.stays": { line: "The token stays in the file that the settings name." },
  "token.file": {
    line: "The token's file {path} cannot be read: {reason}.",
    fix: "Name the file that holds the bot's token and nothing else: --token-file.",
  },

  "opencode.ok": { line: "OpenCode {version} ({path}); the bridge is tested with {tested}." },
  "opencode.none": {
    line: "There is no OpenCode on the PATH.",
    fix: "Install it (npm install -g opencode-ai), or name it: --opencode /path/to/opencode.",
  },
  "opencode.other": {
    line: "OpenCode {version} ({path}) is neither 1 nor 2: the bridge does not know it.",
    fix: "Use one of those that it is tested with: {tested}.",
  },

  "plugin.ok": { line: "OpenCode loads the plugin ({spec}, named in {path})." },
  "plugin.named": { line: "{path} names the plugin ({spec})." },
  "plugin.none": {
    line: "No configuration of OpenCode names the plugin.",
    fix: "Run `npx opencode-mattermost setup`, which adds the line.",
  },
  "plugin.absent": {
    line: "OpenCode does not load the plugin “{spec}”, which {path} names: {reason}.",
    fix: "A folder has to be there and to be the package's own; a package has to be on npm, and OpenCode needs the network to install it once. `npx opencode-mattermost setup --plugin SPEC` names another one.",
  },
  "plugin.failed": {
    line: "Whether OpenCode loads the plugin could not be tried: {reason}",
    fix: "Start OpenCode yourself: what it says is why.",
  },

  "mappings.none": { line: "No session has had a thread yet." },
  "mappings.ok": { line: "The file of sessions and threads is sound: {count} entries." },
  "mappings.newer": {
    line: "{path} was written by a newer version of the plugin (file version {version}).",
    fix: "Update the plugin in this OpenCode.",
  },
  "mappings.bad": {
    line: "{path} cannot be read: {reason}.",
    fix: "Start OpenCode: the bridge sets the file aside and finds the threads again by their first posts.",
  },
  "mappings.entry": {
    line: "An entry of {path} cannot be read: {problem}.",
    fix: "Remove that entry while no OpenCode runs. The bridge leaves it alone; its thread is found again when somebody writes there.",
  },
  "mappings.closed": {
    line: "{path} cannot be opened: {reason}.",
    fix: "Make the file and its folder readable and writable for you.",
  },

  "locks.none": { line: "No OpenCode runs the bridge at the moment." },
  "locks.living": { line: "OpenCode processes that run the bridge at the moment: {count}." },
  "locks.stale": {
    line: "Processes that have left a lock in {folder} and show no life: {count}, for up to {minutes} minutes.",
    fix: "Look for an OpenCode that is suspended (ctrl+z) or hangs, and end it. If there is none, start OpenCode: it removes what is left.",
  },
  "locks.closed": {
    line: "The folder {folder} cannot be used: {reason}.",
    fix: "Make it readable and writable for you: without it the bridge does not start.",
  },

  "errors.none": { line: "The bridge has logged no error and no warning in the last day." },
  "errors.warned": {
    line: "The bridge has logged no error in the last day. Warnings: {count}, the last one {when} UTC: {message}",
  },
  "errors.some": {
    line: "Errors that the bridge has logged in the last day: {count}, the last one {when} UTC: {message}",
    fix: "What it says is what to do; if that is done already, leave it. All of them: {path}.",
  },
} as const;
