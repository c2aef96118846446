/** The address says which thread is open, so that the browser's back button closes it. */
const THREAD = /^#thread\/(\w+)$/;

/** Empty where no thread is open. */
export const selectedThread = (hash = location.hash): string => THREAD.exec(hash)?.[1] ?? "";
export const openThread = (rootId: string): void => {
  location.hash = `#thread/${rootId}`;
};
export const closeThread = (): void => {
  location.hash = "";
};

/** The post that a link names, where it leads to this Mattermost. */
export const threadOfLink = (link: HTMLAnchorElement | null): string | undefined =>
  /\/_redirect\/pl\/(\w+)$/.exec(link?.href ?? "")?.[1];

/** Whether there is room for the direct messages and a thread beside each other. */
export const isWide = (): boolean => matchMedia("(min-width: 720px)").matches;
