import type { PluginContext } from "./context.ts";

/**
 * The instances of the plugin in this process: OpenCode 2 makes one for each directory that it has loaded, unloads directories that
 * are not used, and sometimes leaves one behind that is no more asked. Of two of one directory the newest counts.
 */
export interface Instances {
  /** The returned function takes the instance out again. */
  add(context: PluginContext): () => void;
  /** The directory's own; `undefined` where it is not loaded. */
  own(directory: string): PluginContext | undefined;
  /**
   * The directory's own, or any other: calls for a session load its directory where they must. Where every directory is unloaded
   * the one that went last: it is good for that all the same. `undefined` before there is one.
   */
  any(directory: string): PluginContext | undefined;
}

export function createInstances(): Instances {
  const contexts: PluginContext[] = [];
  let last: PluginContext | undefined;
  const own = (directory: string): PluginContext | undefined =>
    contexts.findLast(({ location }) => location.directory === directory);
  return {
    add(context) {
      contexts.push(context);
      return () => {
        const at = contexts.indexOf(context);
        if (at < 0) return;
        contexts.splice(at, 1);
        last = context;
      };
    },
    own,
    any: (directory) => own(directory) ?? contexts.at(-1) ?? last,
  };
}
