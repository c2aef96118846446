/** What a post says, or what tells it when the request is sent: it may have waited for its turn, and more is to be said by then. */
export type PostText = string | (() => string);

export const textOf = (text: PostText): string => (typeof text === "string" ? text : text());
