import {
  applyEdits,
  type FormattingOptions,
  format,
  type JSONPath,
  modify,
  type ParseError,
  parse,
  printParseErrorCode,
} from "jsonc-parser";

type Options = Readonly<Record<string, unknown>>;

/** The line of a configuration that names the plugin. */
export interface PluginLine {
  /** A package's name, with a version or without, or a folder. */
  readonly spec: string;
  readonly options: Options;
  /** Where it stands. OpenCode 2 also knows a list of objects, under another key. */
  readonly at: JSONPath;
  readonly form: "name" | "pair" | "object";
}

export type ReadConfig =
  | { readonly kind: "read"; readonly line: PluginLine | undefined }
  | { readonly kind: "unreadable"; readonly reason: string };

type IsOurs = (spec: string) => boolean;

const isObject = (value: unknown): value is Options =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const optionsOf = (value: unknown): Options => (isObject(value) ? value : {});

/** Pure: what a configuration says of the plugin. Of several lines the last one counts, as it does for OpenCode. */
export function readPluginLine(text: string, isOurs: IsOurs): ReadConfig {
  const errors: ParseError[] = [];
  const config: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error && text.trim() !== "") return { kind: "unreadable", reason: whereIs(text, error) };
  if (config === undefined) return { kind: "read", line: undefined };
  if (!isObject(config)) return { kind: "unreadable", reason: "it holds no object" };
  for (const key of ["plugin", "plugins"]) {
    if (config[key] !== undefined && !Array.isArray(config[key])) {
      return { kind: "unreadable", reason: `"${key}" is no list` };
    }
  }
  const lines = ["plugin", "plugins"].flatMap((key) => linesUnder(key, config[key]));
  return { kind: "read", line: lines.findLast(({ spec }) => isOurs(spec)) };
}

function linesUnder(key: string, list: unknown): readonly PluginLine[] {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries.flatMap((entry, index): PluginLine[] => {
    const at = [key, index];
    if (typeof entry === "string") return [{ spec: entry, options: {}, at, form: "name" }];
    if (Array.isArray(entry) && typeof entry[0] === "string") {
      return [{ spec: entry[0], options: optionsOf(entry[1]), at, form: "pair" }];
    }
    if (isObject(entry) && typeof entry["package"] === "string") {
      const { package: spec, options } = entry;
      return [{ spec, options: optionsOf(options), at, form: "object" }];
    }
    return [];
  });
}

function whereIs(text: string, { offset, error }: ParseError): string {
  const before = text.slice(0, offset).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `line ${before.length}, column ${column}: ${printParseErrorCode(error)}`;
}

const NEW_FILE = '{\n  "$schema": "https://opencode.ai/config.json"\n}\n';

/**
 * Pure: the configuration with the plugin named in it. Options that are there and not among `options` stay, and so do all
 * comments. The same text where nothing changes.
 */
export function withPluginLine(
  text: string,
  line: PluginLine | undefined,
  wanted: { readonly spec: string; readonly options: Options },
): string {
  const before = text.trim() === "" ? NEW_FILE : text;
  if (line === undefined) {
    const entry = [wanted.spec, wanted.options];
    const hasList = Array.isArray(Object(parse(before, [], { allowTrailingComma: true })).plugin);
    return hasList ? edited(before, ["plugin", -1], entry) : edited(before, ["plugin"], [entry]);
  }
  const { at, form, options } = line;
  const changes = Object.entries(wanted.options).filter(([name, value]) => options[name] !== value);
  const isNew = line.spec !== wanted.spec;
  if (form === "name") {
    if (changes.length === 0 && !isNew) return text;
    return edited(before, at, [wanted.spec, wanted.options]);
  }
  const [specAt, optionsAt] = form === "pair" ? [0, 1] : ["package", "options"];
  const named = isNew ? edited(before, [...at, specAt], wanted.spec) : before;
  return changes.reduce(
    (now, [name, value]) => edited(now, [...at, optionsAt, name], value),
    named,
  );
}

/** `-1` as the last step of the path adds to a list. */
function edited(text: string, path: JSONPath, value: unknown): string {
  const formattingOptions = formattingOf(text);
  const [raw] = modify(text, path, value, {});
  const comment = raw && raw.length === 0 ? COMMENT.exec(text.slice(raw.offset)) : null;
  if (!raw || !comment) return applyEdits(text, modify(text, path, value, { formattingOptions }));
  // What is added comes after a comment that belongs to what is before it.
  const [there, comma = "", said = ""] = comment;
  const before = `${text.slice(0, raw.offset)},${said}${formattingOptions.eol}`;
  const indent = /[ \t]*(?=\S[^\n]*$)/.exec(text.slice(0, raw.offset))?.[0] ?? "";
  const added = indent + raw.content.replace(/^,/, "") + comma;
  const whole = before + added + text.slice(raw.offset + there.length);
  const range = { offset: before.length, length: added.length };
  return applyEdits(whole, format(whole, range, formattingOptions));
}

const COMMENT = /^(,?)([ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/))/;

function formattingOf(text: string): FormattingOptions {
  const [, indent = "  "] = /^([ \t]+)\S/m.exec(text) ?? [];
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return { insertSpaces: !indent.startsWith("\t"), tabSize: indent.length, eol };
}
