import { readdir, realpath, stat } from "node:fs/promises";
import { basename, relative, resolve, sep } from "node:path";
import type { ProjectFile } from "../commands/command.ts";
import { messageOf } from "../errors.ts";
import { openFile } from "./opened-file.ts";

const OUTSIDE = "lies outside of the session's folder. Ask the agent for it: it asks you first.";
const SECRET = "may hold secrets, so it is not sent to Mattermost. Open it on your machine.";

/** Files that hold secrets by their names, and what git keeps. */
const SECRETS = [
  /^\.env(?!.*\.(?:example|sample|template)$)/i,
  /\.(?:pem|key|p12|pfx|keystore|jks)$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)$/i,
  /^\.(?:git|ssh|aws|gnupg|netrc|npmrc|pypirc|git-credentials|htpasswd)$/i,
];

const mayBeSecret = (path: string): boolean =>
  path.split(sep).some((part) => SECRETS.some((secret) => secret.test(part)));

/** Looks at what a session's folder holds, for its owner. Never rejects; nothing outside of the folder is shown. */
export function createProjectFiles(
  folder: string,
  maxBytes: () => number,
): (path: string) => Promise<ProjectFile> {
  return async (path) => {
    try {
      const root = await realpath(folder);
      const real = await realpath(resolve(root, path));
      const inside = relative(root, real);
      if (real !== root && !real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) {
        return refused(OUTSIDE);
      }
      if (mayBeSecret(inside) || mayBeSecret(basename(path))) return refused(SECRET);
      const shown = inside.split(sep).join("/");
      if ((await stat(real)).isDirectory()) return await listed(real, shown);
      return await read(real, shown, maxBytes());
    } catch (error) {
      return refused(unreadable(error));
    }
  };
}

const refused = (why: string): ProjectFile => ({ kind: "refused", why });

async function listed(real: string, path: string): Promise<ProjectFile> {
  const found = await readdir(real, { withFileTypes: true });
  const entries = found
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
  return { kind: "folder", path, entries };
}

async function read(real: string, path: string, maxBytes: number): Promise<ProjectFile> {
  const file = await openFile(real, real, []);
  if (typeof file === "string")
    return refused("is not a file that can be read. `!file .` lists the folder.");
  try {
    if (file.path !== real) return refused(OUTSIDE);
    const bytes = await file.read(maxBytes);
    if (bytes instanceof Uint8Array) return { kind: "file", path, bytes };
    return refused(
      `has ${bytes.sizeBytes} bytes, at most ${maxBytes} can be sent. \`!sh head\` shows a part.`,
    );
  } finally {
    await file.close();
  }
}

function unreadable(error: unknown): string {
  const { code } = Object(error);
  return code === "ENOENT" || code === "ENOTDIR"
    ? "is not there. `!file .` lists what the session's folder holds."
    : `cannot be read (${messageOf(error)}). \`!file .\` lists what the session's folder holds.`;
}
