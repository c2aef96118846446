/** A spoken message, as it came. */
export interface Sound {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}
