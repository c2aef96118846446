/** How this program was started: from a checkout its files are the source, in a package they are bundled. */
export const CALLED_AS = import.meta.url.endsWith(".ts")
  ? { plain: "npm start", withOptions: "npm start --" }
  : {
      plain: "npx opencode-mattermost playground",
      withOptions: "npx opencode-mattermost playground",
    };
