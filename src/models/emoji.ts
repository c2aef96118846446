const SKIN_TONE = /_(?:light|medium_light|medium|medium_dark|dark)_skin_tone$/;

/** Other names of the emoji that mean something here. */
const ALIASES: Readonly<Record<string, string>> = {
  stop_sign: "octagonal_sign",
  heavy_check_mark: "white_check_mark",
  ballot_box_with_check: "white_check_mark",
  thumbsup: "white_check_mark",
  "+1": "white_check_mark",
  ok_hand: "white_check_mark",
  thumbsdown: "x",
  "-1": "x",
  negative_squared_cross_mark: "x",
  heavy_multiplication_x: "x",
  no_entry_sign: "x",
  no_entry: "x",
};

/** The name that stands for an emoji, whatever alias or skin tone it came with. */
export function baseEmoji(name: string): string {
  const plain = name.replace(SKIN_TONE, "");
  return Object.hasOwn(ALIASES, plain) ? (ALIASES[plain] ?? plain) : plain;
}
