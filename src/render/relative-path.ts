/** As seen from the session's directory. */
export function relativePath(path: string, directory: string): string {
  if (path === directory) return ".";
  const root = directory.replace(/[\\/]+$/, "");
  const isInside = root !== "" && path.startsWith(root) && /^[\\/]/.test(path.slice(root.length));
  return isInside ? path.slice(root.length + 1) : path;
}
