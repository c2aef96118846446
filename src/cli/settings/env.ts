/** The environment of the process, or the one that a test makes. */
export type Env = Readonly<Record<string, string | undefined>>;
