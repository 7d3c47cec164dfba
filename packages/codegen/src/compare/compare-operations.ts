import { templateNames } from "../input/repair/path-parameters.ts";
import { arrayAt, equalJson, isObject, type Json, type JsonObject, objectAt } from "../json/json.ts";
import type { BeforeAfter } from "./before-after.ts";
import type { Kind } from "./kinds.ts";
import type { Side } from "./model.ts";
import { type OperationPair, parametersOf } from "./operations.ts";
import type { ComparisonScope, ComparisonScopes } from "./schema/comparison-scopes.ts";

/** A difference of the operation itself. */
export interface OperationChange {
  readonly kind: Kind;
  readonly side: Side | undefined;
  readonly path: string;
  readonly before?: Json | undefined;
  readonly after?: Json | undefined;
}

/** Changes of one operation, and the schema comparisons it leads to. */
export interface OperationReport {
  readonly changes: readonly OperationChange[];
  readonly scopes: readonly { readonly side: Side; readonly scope: ComparisonScope }[];
}

export function compareOperations(pair: OperationPair, scopes: ComparisonScopes): OperationReport {
  const changes: OperationChange[] = [];
  const found: { side: Side; scope: ComparisonScope }[] = [];
  const writer: Writer = {
    change: (kind, { side, path }, { before, after } = {}) => void changes.push({ kind, side, path, before, after }),
    schema: (side, path, { before, after }) => {
      found.push({ side, scope: scopes.compare([before ?? true], [after ?? true], path) });
    },
  };
  compareIdentity(pair, writer);
  compareMetadata(pair, writer);
  compareParameters(pair, writer);
  compareBodies(pair.before.value.requestBody, pair.after.value.requestBody, writer);
  compareResponses(objectAt(pair.before.value.responses), objectAt(pair.after.value.responses), writer);
  return { changes, scopes: found };
}

/** The part of an operation that changed. */
interface ChangedPart {
  readonly side: Side | undefined;
  readonly path: string;
}

interface Writer {
  readonly change: (kind: Kind, part: ChangedPart, values?: Partial<BeforeAfter<Json | undefined>>) => void;
  readonly schema: (side: Side, path: string, schemas: BeforeAfter<Json | undefined>) => void;
}

function compareIdentity({ before, after }: OperationPair, { change }: Writer): void {
  if (before.label === after.label) return;
  const shape = (path: string): string => path.replaceAll(/\{[^{}]*\}/g, "{}");
  if (before.method !== after.method || shape(before.path) !== shape(after.path)) {
    change("operation-moved", { side: undefined, path: "" }, { before: before.label, after: after.label });
    return;
  }
  const names = templateNames(after.path);
  templateNames(before.path).forEach((name, index) => {
    const other = names[index] ?? "";
    if (other !== name)
      change("path-parameter-renamed", { side: "request", path: `path ${name}` }, { before: name, after: other });
  });
}

function compareMetadata({ before, after }: OperationPair, { change }: Writer): void {
  const [was, is] = [before.value, after.value];
  const compareKeyword = (kind: Kind, keyword: string): void => {
    if (!equalJson(was[keyword], is[keyword]))
      change(kind, { side: undefined, path: "" }, { before: was[keyword], after: is[keyword] });
  };
  compareKeyword("operation-id-changed", "operationId");
  compareKeyword("method-name-changed", "x-method-name");
  compareKeyword("version-changed", "x-api-version");
  compareKeyword("pagination-changed", "x-pagination");
  for (const keyword of EVENT_KEYWORDS) {
    if (!equalJson(was[keyword], is[keyword]))
      change(
        "event-changed",
        { side: undefined, path: keyword.slice(2) },
        { before: was[keyword], after: is[keyword] },
      );
  }
  const schemes = (value: JsonObject): Json => arrayAt(value.security).map((one) => Object.keys(objectAt(one)));
  if (!equalJson(schemes(was), schemes(is)) || (was.security === undefined) !== (is.security === undefined)) {
    change("security-changed", { side: undefined, path: "" }, { before: was.security, after: is.security });
  } else if (!equalJson(was.security, is.security)) {
    change("scopes-changed", { side: undefined, path: "" }, { before: scopesOf(was), after: scopesOf(is) });
  } else {
    // token types follow from security; they differ by themselves only where somebody says so
    compareKeyword("tokens-changed", "x-token");
  }
  if (was.deprecated !== is.deprecated) {
    change(is.deprecated === true ? "deprecated" : "no-longer-deprecated", { side: undefined, path: "" });
  }
}

/** Compares the properties of a webhook event that are no schema. */
const EVENT_KEYWORDS = ["x-type", "x-aliases", "x-discriminator", "x-tenant", "x-scopes", "x-status"];

function scopesOf(value: JsonObject): Json {
  const scopes = arrayAt(value.security).flatMap((one) => Object.values(objectAt(one)).flatMap(arrayAt));
  return [...new Set(scopes)].sort();
}

function compareParameters({ before, after }: OperationPair, writer: Writer): void {
  const { change } = writer;
  const [old, now] = [parametersOf(before), parametersOf(after)];
  renamePathParameters(before.path, after.path, old);
  const gone = [...old].filter(([key]) => !now.has(key));
  const come = new Map([...now].filter(([key]) => !old.has(key)));
  for (const [key, parameter] of gone) {
    const moved = [...come].find(([, other]) => other.name === parameter.name);
    if (moved === undefined) change("parameter-removed", { side: "request", path: key });
    else {
      come.delete(moved[0]);
      change("parameter-moved", { side: "request", path: key }, { before: key, after: moved[0] });
      compareParameter(moved[0], { before: parameter, after: moved[1] }, writer);
    }
  }
  for (const [key, parameter] of come) {
    change(parameter.required === true ? "parameter-added-required" : "parameter-added", {
      side: "request",
      path: key,
    });
  }
  for (const [key, parameter] of old) {
    const other = now.get(key);
    if (other !== undefined) compareParameter(key, { before: parameter, after: other }, writer);
  }
}

/** A path parameter that is only called otherwise is compared with what it is called now. */
function renamePathParameters(before: string, after: string, parameters: Map<string, JsonObject>): void {
  const names = templateNames(after);
  const renamed = templateNames(before).flatMap((name, index): [string, JsonObject][] => {
    const parameter = parameters.get(`path ${name}`);
    const other = names[index];
    if (parameter === undefined || other === undefined || other === name) return [];
    parameters.delete(`path ${name}`);
    return [[`path ${other}`, { ...parameter, name: other }]];
  });
  for (const [key, parameter] of renamed) parameters.set(key, parameter);
}

function compareParameter(key: string, { before, after }: BeforeAfter<JsonObject>, { change, schema }: Writer): void {
  const [demanded, demands] = [before.required === true, after.required === true];
  if (demanded !== demands)
    change(demands ? "parameter-now-required" : "parameter-now-optional", { side: "request", path: key });
  if (before.deprecated !== after.deprecated)
    change(after.deprecated === true ? "deprecated" : "no-longer-deprecated", { side: "request", path: key });
  const [written, writes] = [encodingOf(before), encodingOf(after)];
  if (before.in === after.in && !equalJson(written, writes))
    change("parameter-encoding-changed", { side: "request", path: key }, { before: written, after: writes });
  schema("request", key, { before: schemaOf(before), after: schemaOf(after) });
}

/** Returns the parameter's encoding, with the defaults of OpenAPI 3.1, section 4.8.12.2. */
function encodingOf(parameter: JsonObject): JsonObject {
  const style = parameter.style ?? (parameter.in === "query" || parameter.in === "cookie" ? "form" : "simple");
  const [media = null] = isObject(parameter.content) ? Object.keys(parameter.content) : [];
  return { style, explode: parameter.explode ?? style === "form", media };
}

function schemaOf(parameter: JsonObject): Json | undefined {
  if (!isObject(parameter.content)) return parameter.schema;
  return objectAt(Object.values(parameter.content)[0]).schema;
}

function compareBodies(before: Json | undefined, after: Json | undefined, writer: Writer): void {
  const { change } = writer;
  if (!isObject(before) && !isObject(after)) return;
  if (!isObject(before)) {
    change(objectAt(after).required === true ? "body-added-required" : "body-added", { side: "request", path: "body" });
  } else if (!isObject(after)) {
    change("body-removed", { side: "request", path: "body" });
  } else {
    const [demanded, demands] = [before.required === true, after.required === true];
    if (demanded !== demands)
      change(demands ? "body-now-required" : "body-now-optional", { side: "request", path: "body" });
    compareContent(
      { path: "body", side: "request" },
      { before: objectAt(before.content), after: objectAt(after.content) },
      writer,
    );
  }
}

function compareContent(
  { path, side }: { readonly path: string; readonly side: Side },
  { before, after }: BeforeAfter<JsonObject>,
  writer: Writer,
): void {
  const types = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  for (const type of types) {
    const here = types.length === 1 ? path : `${path} (${type})`;
    const [was, is] = [before[type], after[type]];
    if (was === undefined) writer.change("media-type-added", { side, path }, { before: undefined, after: type });
    else if (is === undefined) writer.change("media-type-removed", { side, path }, { before: type, after: undefined });
    else {
      const [written, writes] = [objectAt(was).encoding, objectAt(is).encoding];
      if (!equalJson(written, writes))
        writer.change("media-encoding-changed", { side, path: here }, { before: written, after: writes });
      writer.schema(side, here, { before: objectAt(was).schema, after: objectAt(is).schema });
    }
  }
}

function compareResponses(before: JsonObject, after: JsonObject, writer: Writer): void {
  const gone = Object.keys(before).filter((status) => after[status] === undefined);
  const come = Object.keys(after).filter((status) => before[status] === undefined);
  const isSuccess = (status: string): boolean => status.startsWith("2");
  const [was, is] = [gone.filter(isSuccess), come.filter(isSuccess)];
  const [from, to] = [was[0], is[0]];
  const moved = was.length === 1 && is.length === 1 && from !== undefined && to !== undefined;
  if (moved) {
    writer.change("response-status-changed", { side: "response", path: from }, { before: from, after: to });
    compareContent(
      { path: to, side: "response" },
      { before: contentOf(before[from]), after: contentOf(after[to]) },
      writer,
    );
    compareHeaders(to, { before: before[from], after: after[to] }, writer);
  }
  for (const status of gone) {
    if (moved && status === from) continue;
    writer.change(isSuccess(status) ? "response-removed" : "error-response-removed", {
      side: "response",
      path: status,
    });
  }
  for (const status of come) {
    if (moved && status === to) continue;
    writer.change("response-added", { side: "response", path: status });
  }
  for (const status of Object.keys(before)) {
    if (after[status] === undefined) continue;
    compareContent(
      { path: status, side: "response" },
      { before: contentOf(before[status]), after: contentOf(after[status]) },
      writer,
    );
    compareHeaders(status, { before: before[status], after: after[status] }, writer);
  }
}

/** Headers of one answer; their names have no case. */
function compareHeaders(status: string, { before, after }: BeforeAfter<Json | undefined>, writer: Writer): void {
  const [old, now] = [headersOf(before), headersOf(after)];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)];
    const here = `${status} header ${name}`;
    if (was === undefined) writer.change("response-header-added", { side: "response", path: here });
    else if (is === undefined) writer.change("response-header-removed", { side: "response", path: here });
    else {
      const [promised, promises] = [was.required === true, is.required === true];
      if (promised !== promises) {
        writer.change(promises ? "response-header-now-required" : "response-header-now-optional", {
          side: "response",
          path: here,
        });
      }
      writer.schema("response", here, { before: was.schema, after: is.schema });
    }
  }
}

function headersOf(response: Json | undefined): Map<string, JsonObject> {
  const headers = Object.entries(objectAt(objectAt(response).headers));
  return new Map(headers.map(([name, header]) => [name.toLowerCase(), objectAt(header)]));
}

function contentOf(response: Json | undefined): JsonObject {
  return objectAt(objectAt(response).content);
}
