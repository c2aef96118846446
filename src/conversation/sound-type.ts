const MPEG = /\.(?:mp3|mpga)$/i;

/** How a kind of sound begins; `named` where that may be something else too: then the file's name decides, or what it is taken for. */
const KINDS: readonly {
  readonly mime: string;
  readonly begins: RegExp;
  readonly named?: RegExp;
}[] = [
  { mime: "audio/wav", begins: /^RIFF.{4}WAVE/s },
  { mime: "audio/flac", begins: /^fLaC/ },
  { mime: "audio/amr", begins: /^#!AMR/ },
  { mime: "audio/mpeg", begins: /^(?:ID3|\xff[\xfa\xfb\xf2\xf3])/, named: MPEG },
  { mime: "audio/aac", begins: /^\xff[\xf1\xf9]/, named: /\.aac$/i },
  { mime: "audio/ogg", begins: /^OggS/, named: /\.(?:ogg|oga|opus)$/i },
  { mime: "audio/mp4", begins: /^.{4}ftyp/s, named: /\.(?:m4a|m4b|3gp)$/i },
  { mime: "audio/webm", begins: /^.E\xdf\xa3/s, named: /\.weba$/i },
];
const LOOKED_AT_BYTES = 16;

/** Pure. By its name, or by what it is taken for. */
export const isCalledSound = ({ name, mime }: { readonly name: string; readonly mime: string }) =>
  mime.startsWith("audio/") ||
  /\.(?:wav|flac|amr|mp3|mpga|aac|ogg|oga|opus|m4a|m4b|3gp|weba)$/i.test(name);

/** Pure. What kind of sound a file holds, `undefined` where it holds none. `takenFor`: the type that Mattermost gives it by its name. */
export function soundMime(name: string, takenFor: string, bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, LOOKED_AT_BYTES));
  const isNamed = (named: RegExp): boolean => named.test(name) || takenFor.startsWith("audio/");
  return KINDS.find(({ begins, named }) => begins.test(beginning) && (!named || isNamed(named)))
    ?.mime;
}
