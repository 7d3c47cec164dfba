import fc from "fast-check";

/** Generates ids in HighLevel's format, and unusual ones. */
export const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/).filter((text) => !["null", "undefined"].includes(text));

export const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 5 });

type Pair = [name: string, value: string];

/** Every format of a list in a query or a form. */
export function listPairs(name: string, list: readonly string[]): readonly Pair[][] {
  const quoted = list.map((item) => JSON.stringify(item)).join(",");
  return [
    [[name, list.join(",")]],
    [[name, list.join(" , ")]],
    [[name, `${list.join(",")},`]],
    [[name, JSON.stringify(list)]],
    [[name, JSON.stringify(list, null, 1)]],
    [[name, `[${list.join(",")}]`]],
    [[name, `{${quoted}}`]],
    list.map((item): Pair => [name, item]),
    list.map((item): Pair => [`${name}[]`, item]),
    list.map((item, index): Pair => [`${name}[${index}]`, item]),
    list.map((item): Pair => [name, JSON.stringify([item])]),
    [...list, list[0]!].map((item): Pair => [name, item]),
  ];
}

/** Every format of a list as a JSON value. */
export function listValues(list: readonly string[]): readonly unknown[] {
  return [list, list.join(","), JSON.stringify(list), [...list, null], [list], [...list, list[0]]];
}

/** Every spelling of an absent value in a query or a form. */
export function nothingPairs(name: string): readonly Pair[][] {
  return [[], [[name, ""]], [[name, "null"]], [[name, "undefined"]], [[name, "[]"]], [[`${name}[]`, ""]]];
}
