import { existsSync } from "node:fs";

/** A test that a page of `specs/` names. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

/** In a text: a file as code, a colon, and names in quotation marks with commas between them. */
export const namedTests = (text: string): readonly NamedTest[] =>
  [...text.matchAll(/`(tests\/[^`]+)`: ("[^"]+"(?:, "[^"]+")*)/g)].flatMap(
    ([, file = "", names = ""]) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => ({ file, name })),
  );

/** Whether its file has it, by its name as it stands there. */
export async function isThere({ file, name }: NamedTest): Promise<boolean> {
  return existsSync(file) && (await Bun.file(file).text()).includes(`"${name}"`);
}
