type Payload = Readonly<Record<string, unknown>>;

/** Writes members as they are given, before the last brace. */
function withMembers(payload: Payload, members: string): string {
  const text = JSON.stringify(payload);
  return text === "{}" ? `{${members}}` : `${text.slice(0, -1)},${members}}`;
}

function escaped(text: string, pattern: RegExp, upper = false): string {
  return text.replace(pattern, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${upper ? code.toUpperCase() : code}`;
  });
}

/** Everything but ASCII, one UTF-16 code unit at a time: an emoji becomes two escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
const BEYOND_ASCII = /[^\u0000-\u007f]/g;

/**
 * Ways to write one payload that all are JSON and that few programs write again as they were: a receiver that verifies
 * anything but the bytes it got refuses most of them. `JSON.parse` gives every member of the payload back.
 */
export const JSON_FORMS = {
  compact: (payload: Payload): string => JSON.stringify(payload),
  indented: (payload: Payload): string => JSON.stringify(payload, null, 2),
  tabs: (payload: Payload): string => JSON.stringify(payload, null, "\t"),
  crlf: (payload: Payload): string => JSON.stringify(payload, null, 1).replaceAll("\n", "\r\n"),
  "leading-space": (payload: Payload): string => ` \n${JSON.stringify(payload)}`,
  "trailing-newline": (payload: Payload): string => `${JSON.stringify(payload)}\n`,
  "space-after-colon": (payload: Payload): string => JSON.stringify(payload, null, 1).replace(/\n\s*/g, " "),
  "unicode-escapes": (payload: Payload): string => escaped(withMembers(payload, '"form":"Zoë 😀"'), BEYOND_ASCII),
  "upper-case-escapes": (payload: Payload): string =>
    escaped(withMembers(payload, '"form":"Zoë ﬃ"'), BEYOND_ASCII, true),
  "escaped-letters": (payload: Payload): string => withMembers(payload, '"form":"\\u0041da"'),
  "escaped-slash": (payload: Payload): string => withMembers(payload, '"form":"https:\\/\\/example.com\\/"'),
  "html-escapes": (payload: Payload): string =>
    withMembers(payload, '"form":"\\u003cb\\u003e \\u0026 \\u003c/b\\u003e"'),
  "line-separators": (payload: Payload): string => withMembers(payload, '"form":"\u2028\u2029"'),
  "decimal-integer": (payload: Payload): string => withMembers(payload, '"form":1.0'),
  exponent: (payload: Payload): string => withMembers(payload, '"form":1e2'),
  "big-integer": (payload: Payload): string => withMembers(payload, '"form":12345678901234567890'),
  "negative-zero": (payload: Payload): string => withMembers(payload, '"form":-0'),
  "numeric-keys": (payload: Payload): string => withMembers(payload, '"form":{"b":1,"10":2,"9":3}'),
  "duplicate-keys": (payload: Payload): string => withMembers(payload, '"form":1,"form":2'),
} as const;

/** Name of a form that the JSON of a body can have, such as `escaped-slash`. */
export type JsonForm = keyof typeof JSON_FORMS;
/** Every form of a body. They break a verification over JSON that was parsed and written again. */
export const jsonForms: readonly JsonForm[] = Object.freeze(Object.keys(JSON_FORMS) as JsonForm[]);
