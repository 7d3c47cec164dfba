import { expect, it } from "vitest";
import { readBindingProps } from "../../../src/domain/access/binding-props.ts";

it("props that are not there grant nothing", () => {
  for (const props of [undefined, null, {}])
    expect(readBindingProps(props)).toEqual({
      name: "binding:unnamed",
      caller: undefined,
      role: undefined,
      problem: undefined,
    });
});

it("props grant what they say", () => {
  const props = {
    name: "reports",
    app: "main",
    access: "write",
    resources: ["location:l1", "company:c1"],
    admin: "viewer",
  };
  const resources = [
    { kind: "location", id: "l1" },
    { kind: "company", id: "c1" },
  ];
  expect(readBindingProps(props)).toEqual({
    name: "binding:reports",
    caller: { name: "binding:reports", app: "main", access: "write", resources },
    role: "viewer",
    problem: undefined,
  });
});

it("access is to read and to every resource of the app unless props say otherwise", () => {
  expect(readBindingProps({ app: "main" }).caller).toMatchObject({ access: "read", resources: null });
});

it.each<[unknown, string]>([
  [{ app: "main", resource: ["location:l1"] }, 'unknown field "props.resource"; did you mean "resources"?'],
  [{ app: "main", resources: "location:l1" }, 'props.resources must be a list, got "location:l1"'],
  [
    { app: "main", resources: ["locations:l1"] },
    'props.resources[0] must be location:<id> or company:<id>, got "locations:l1"',
  ],
  [{ app: "main", access: "all" }, 'props.access must be one of read, write, got "all"'],
  [{ admin: "owner" }, 'props.admin must be one of viewer, admin, got "owner"'],
  [{ app: 7 }, "props.app must be a text that is not empty, got 7"],
  ["main", 'props must be an object, got "main"'],
])("props that cannot be read grant nothing and say why: %j", (props, problem) => {
  expect(readBindingProps(props)).toMatchObject({ caller: undefined, role: undefined, problem });
});
