import { arrayAt, isObject, type JsonObject, objectAt } from "../../../json/json.ts";
import { at } from "../../../json/pointer.ts";
import type { OperationVisit } from "../../../json/walk.ts";
import { templateNames } from "../../repair/path-parameters.ts";
import type { Hit, LintContext, LintRule } from "../rule.ts";

/** A rule about the operation as a whole: true or a text is one finding, at the operation or below it. */
function operationRule(
  name: string,
  why: string,
  find: (visit: OperationVisit, context: LintContext) => string | boolean,
  below: readonly string[] = [],
): LintRule {
  return {
    name,
    why,
    check: {
      on: "operation",
      find: (visit, context): Hit[] => {
        const found = find(visit, context);
        if (found === false || found === "") return [];
        return [{ place: at(visit.place, ...below), detail: found === true ? undefined : found }];
      },
    },
  };
}

const writes = (method: string): boolean => method === "post" || method === "put" || method === "patch";

function declares(operation: JsonObject, name: string): boolean {
  return arrayAt(operation.parameters).some((parameter) => isObject(parameter) && parameter.name === name);
}

export const operationRules: readonly LintRule[] = [
  {
    name: "template-param-missing",
    why: "A name of the path is not declared as a parameter.",
    check: {
      on: "operation",
      find: ({ path, operation, place }) =>
        templateNames(path)
          .filter((name) => !declares(operation, name))
          .map((name) => ({ place, detail: `{${name}}` })),
    },
  },
  operationRule(
    "path-trailing-slash",
    "The slash at the end is part of the path; tools that trim it break the call.",
    ({ path }) => {
      return path.length > 1 && path.endsWith("/");
    },
  ),
  operationRule("operationId-odd-chars", "Not usable in an address or as a name.", ({ operation }) => {
    const id = operation.operationId;
    return typeof id === "string" && !/^[\w.~-]+$/.test(id) && id;
  }),
  operationRule(
    "tags-missing",
    "The operation belongs to no group.",
    ({ operation }) => arrayAt(operation.tags).length === 0,
  ),
  operationRule(
    "html-in-op-description",
    "The description is HTML.",
    ({ operation }) => typeof operation.description === "string" && /<\/?[a-z][^<>]*>/i.test(operation.description),
    ["description"],
  ),
  operationRule(
    "security-missing",
    "No security: anonymous, or forgotten.",
    ({ operation }, { document }) => operation.security === undefined && document.security === undefined,
  ),
  operationRule("scopes-empty", "Secured, but by which scope is not said.", ({ operation }) => {
    const requirements = arrayAt(operation.security).filter(isObject);
    return (
      requirements.length > 0 &&
      requirements.every((entry) => Object.values(entry).every((scopes) => arrayAt(scopes).length === 0))
    );
  }),
  operationRule(
    "body-on-delete",
    "A DELETE with a body, which proxies and clients may drop.",
    ({ method, operation }) => {
      return method === "delete" && operation.requestBody !== undefined;
    },
    ["requestBody"],
  ),
  operationRule("write-op-without-body", "It writes, but sends nothing.", ({ method, operation }) => {
    return writes(method) && operation.requestBody === undefined;
  }),
  operationRule(
    "requestBody-not-required",
    "A body that may be left out where all others are required.",
    ({ operation }) => {
      return isObject(operation.requestBody) && operation.requestBody.required !== true;
    },
    ["requestBody"],
  ),
  operationRule(
    "request-multi-content-type",
    "More than one media type to choose from.",
    ({ operation }) => {
      const types = Object.keys(objectAt(objectAt(operation.requestBody).content));
      return types.length > 1 && types.join(", ");
    },
    ["requestBody"],
  ),
];
