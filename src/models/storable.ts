/**
 * A text as it can be stored. Control characters show nothing, and the server's database takes no NUL: it answers 500 to such a
 * post for ever.
 */
export const storable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  text.replace(/[\0-\x08\v\f\x0e-\x1f]/g, "");
