import { readdir } from "node:fs/promises";
import { join } from "node:path";

const MAX_FOLDERS = 500;

/** The visible folders in these, `~` being the home folder. What cannot be read has none. Never rejects. */
export async function projectFolders(
  roots: readonly string[],
  home: string,
): Promise<readonly string[]> {
  const found = await Promise.all(
    roots.map(async (given) => {
      const root = given.replace(/^~(?=\/|$)/, home);
      const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
        .map(({ name }) => join(root, name))
        .sort();
    }),
  );
  return found.flat().slice(0, MAX_FOLDERS);
}
