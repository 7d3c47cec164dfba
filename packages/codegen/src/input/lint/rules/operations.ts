import { arrayAt, isObject, type JsonObject, objectAt } from "../../../json/json.ts";
import { at } from "../../../json/pointer.ts";
import type { OperationVisit } from "../../../json/walk.ts";
import { templateNames } from "../../repair/path-parameters.ts";
import type { Hit, LintContext, LintRule } from "../rule.ts";

/** A rule about the operation as a whole: true or a text is one finding, at the operation or below it. */
function operationRule(
  name: string,
  {
    why,
    find,
    below = [],
  }: {
    readonly why: string;
    readonly find: (visit: OperationVisit, context: LintContext) => string | boolean;
    readonly below?: readonly string[];
  },
): LintRule {
  return {
    name,
    why,
    check: {
      on: "operation",
      find: (visit, context): Hit[] => {
        const found = find(visit, context);
        if (found === false || found === "") return [];
        return [{ position: at(visit.position, ...below), detail: found === true ? undefined : found }];
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
      find: ({ path, operation, position }) =>
        templateNames(path)
          .filter((name) => !declares(operation, name))
          .map((name) => ({ position, detail: `{${name}}` })),
    },
  },
  operationRule("path-trailing-slash", {
    why: "The slash at the end is part of the path; tools that trim it break the call.",
    find: ({ path }) => {
      return path.length > 1 && path.endsWith("/");
    },
  }),
  operationRule("operationId-odd-chars", {
    why: "Not usable in an address or as a name.",
    find: ({ operation }) => {
      const id = operation.operationId;
      return typeof id === "string" && !/^[\w.~-]+$/.test(id) && id;
    },
  }),
  operationRule("tags-missing", {
    why: "The operation belongs to no group.",
    find: ({ operation }) => arrayAt(operation.tags).length === 0,
  }),
  operationRule("html-in-op-description", {
    why: "The description is HTML.",
    find: ({ operation }) =>
      typeof operation.description === "string" && /<\/?[a-z][^<>]*>/i.test(operation.description),
    below: ["description"],
  }),
  operationRule("security-missing", {
    why: "No security: anonymous, or forgotten.",
    find: ({ operation }, { document }) => operation.security === undefined && document.security === undefined,
  }),
  operationRule("scopes-empty", {
    why: "Secured, but by which scope is not said.",
    find: ({ operation }) => {
      const requirements = arrayAt(operation.security).filter(isObject);
      return (
        requirements.length > 0 &&
        requirements.every((entry) => Object.values(entry).every((scopes) => arrayAt(scopes).length === 0))
      );
    },
  }),
  operationRule("body-on-delete", {
    why: "A DELETE with a body, which proxies and clients may drop.",
    find: ({ method, operation }) => {
      return method === "delete" && operation.requestBody !== undefined;
    },
    below: ["requestBody"],
  }),
  operationRule("write-op-without-body", {
    why: "It writes, but sends nothing.",
    find: ({ method, operation }) => {
      return writes(method) && operation.requestBody === undefined;
    },
  }),
  operationRule("requestBody-not-required", {
    why: "A body that may be left out where all others are required.",
    find: ({ operation }) => {
      return isObject(operation.requestBody) && operation.requestBody.required !== true;
    },
    below: ["requestBody"],
  }),
  operationRule("request-multi-content-type", {
    why: "More than one media type to choose from.",
    find: ({ operation }) => {
      const types = Object.keys(objectAt(objectAt(operation.requestBody).content));
      return types.length > 1 && types.join(", ");
    },
    below: ["requestBody"],
  }),
];
