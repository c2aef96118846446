import type { Config, ConfigResult } from "../config.ts";

/** What each directory has for itself. */
const OF_DIRECTORY = ["verbosity", "maxFileBytes", "sessions"] as const;
/** What is the same in all of them. */
const OF_BOT = [
  "customStatus",
  "requestsPerSecond",
  "requestBurst",
  "keepEndedDays",
  "projectRoots",
] as const;

type Name = (typeof OF_DIRECTORY)[number] | (typeof OF_BOT)[number];
type Loaded = Pick<Extract<ConfigResult, { kind: "ok" }>, "config" | "given">;

/**
 * Pure: says which settings of a load are not followed, because others were there before. `there`: those of the bot; of the directory
 * too where it is served already. `undefined` where all are.
 */
export function settingsNotFollowed(
  loaded: Loaded,
  there: { readonly bot?: Config; readonly directory?: Config },
): string | undefined {
  const all = [
    ...differing(loaded, OF_BOT, there.bot),
    ...differing(loaded, OF_DIRECTORY, there.directory),
    ...(there.bot && hearsOtherwise(loaded, there.bot) ? ["transcription"] : []),
  ];
  if (all.length === 0) return undefined;
  return `Not followed are these settings: ${all.join("; ")}. Those were there before, in this OpenCode and for this bot: set them alike, or in a process of its own.`;
}

function differing(
  { config, given }: Loaded,
  names: readonly Name[],
  other: Config | undefined,
): readonly string[] {
  if (!other) return [];
  return names
    .filter((name) => given.includes(name))
    .map((name) => ({ name, wanted: shown(config[name]), there: shown(other[name]) }))
    .filter(({ wanted, there }) => wanted !== there)
    .map(({ name, wanted, there }) => `${name} ${wanted}, but ${there}`);
}

/** A key is in them, which is not for showing. */
const hearsOtherwise = ({ config, given }: Loaded, other: Config): boolean =>
  given.includes("transcription") &&
  JSON.stringify(config.transcription) !== JSON.stringify(other.transcription);

const shown = (value: Config[Name]): string =>
  typeof value === "object" ? value.join(", ") || "none" : String(value);
