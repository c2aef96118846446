const alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";

/** A new id of Mattermost's shape: 26 characters of its base-32 alphabet. */
export function newId(): string {
  let id = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(26))) id += alphabet[byte & 31];
  return id;
}

/** Whether the server would take `text` for an id at all. */
export function isId(text: string): boolean {
  return /^[a-z0-9]{26}$/.test(text);
}
