import * as v from "valibot";
import { operatorName } from "../../../domain/access/operator-name.ts";
import { defineAction } from "../action.ts";
import { appPageEntries, count, described, itemsOf, optionalText, pageOf, textOut, timeMs } from "../schema.ts";
import { known } from "../shared.ts";

const role = described(
  v.picklist(["viewer", "admin"]),
  "Role of the operator. viewer: may read but not change. admin: may do both.",
);
const operator = v.strictObject({ name: textOut, role, addedAtMs: timeMs, addedBy: textOut });
const operatorList = itemsOf(operator);
const auditEntry = v.strictObject({
  id: v.pipe(count, v.metadata({ format: "int64" })),
  atMs: timeMs,
  actor: textOut,
  action: textOut,
  app: optionalText,
  target: textOut,
  requestId: textOut,
});
const auditPage = pageOf(auditEntry);

const NAME = "1 to 254 characters of ASCII";
const name = v.pipe(
  v.string(NAME),
  v.check((value) => operatorName(value) !== undefined, NAME),
  v.transform((value) => operatorName(value) ?? value),
);

export const operatorSchemas = {
  Operator: operator,
  OperatorList: operatorList,
  AuditEntry: auditEntry,
  AuditPage: auditPage,
};

export const operatorActions = {
  listOperators: defineAction({
    tag: "operators",
    summary: "Lists the operators that have a role in the directory.",
    role: "viewer",
    http: { method: "get", path: "/admin/operators" },
    input: v.strictObject({}),
    output: operatorList,
    run: async ({ directory }) => ({ items: await directory.operators.list() }),
  }),
  putOperator: defineAction({
    tag: "operators",
    summary:
      "Gives an operator a role. The name is an e-mail address or the name of a service token: 1 to 254 characters of ASCII, compared without case.",
    role: "admin",
    http: { method: "put", path: "/admin/operators/{name}", body: "OperatorRole" },
    input: v.strictObject({ name, role }),
    output: operator,
    run: ({ directory, change }, input) => directory.operators.put(input.name, input.role, change),
  }),
  removeOperator: defineAction({
    tag: "operators",
    summary: "Removes the role of an operator.",
    role: "admin",
    http: { method: "delete", path: "/admin/operators/{name}", status: 204 },
    input: v.strictObject({ name }),
    output: v.undefined(),
    async run({ directory, change }, input) {
      if (!(await directory.operators.remove(input.name, change))) known("operator", undefined);
      return undefined;
    },
  }),
  listAudit: defineAction({
    tag: "audit",
    summary: "Lists changes and who made them, newest first.",
    role: "viewer",
    http: { method: "get", path: "/admin/audit" },
    input: v.strictObject(appPageEntries),
    output: auditPage,
    run: ({ directory }, input) => directory.audit.list(input),
  }),
};
