import { type Json, type JsonObject, objectAt } from "../../../json/json.ts";
import type { Notation, Parameter, ParameterStyle } from "../model.ts";

const STYLES: readonly ParameterStyle[] = [
  "form",
  "simple",
  "label",
  "matrix",
  "spaceDelimited",
  "pipeDelimited",
  "deepObject",
];

/** Returns the encoding of a value, without the defaults of its position. */
export function notationOf(value: JsonObject, where: Parameter["in"]): Notation {
  const usual = where === "query" || where === "cookie" ? "form" : "simple";
  const style = STYLES.find((name) => name === value.style) ?? usual;
  const explode = typeof value.explode === "boolean" ? value.explode : style === "form";
  return {
    ...(style === usual ? {} : { style }),
    ...(explode === (style === "form") || style === "deepObject" ? {} : { explode }),
    ...(value.allowReserved === true && where === "query" ? { reserved: true as const } : {}),
  };
}

/** Returns the encodings of a form's fields, where the document states them. */
export function fieldsOf(encoding: Json | undefined): Record<string, Notation & { type?: string }> {
  const found: Record<string, Notation & { type?: string }> = {};
  for (const [name, value] of Object.entries(objectAt(encoding))) {
    const { style, explode, allowReserved, contentType } = objectAt(value);
    const styled = style !== undefined || explode !== undefined || allowReserved !== undefined;
    const notation = styled ? notationOf(objectAt(value), "query") : {};
    // a style that is said is heeded even where it is the usual one: a form without any is written otherwise
    const said = styled ? { style: notation.style ?? "form", ...notation } : {};
    const type = typeof contentType === "string" && !styled ? { type: contentType } : {};
    if (styled || typeof contentType === "string") found[name] = { ...said, ...type };
  }
  return found;
}
