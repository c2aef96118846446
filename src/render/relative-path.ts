/** As seen from the session's directory. */
export function relativePath(path: string, directory: string): string {
  if (path === directory) return ".";
  let end = directory.length;
  while (/[\\/]/.test(directory[end - 1] ?? "")) end -= 1;
  const root = directory.slice(0, end);
  const isInside = root !== "" && path.startsWith(root) && /^[\\/]/.test(path.slice(root.length));
  return isInside ? path.slice(root.length + 1) : path;
}
