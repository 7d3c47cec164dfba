import type { Resource } from "@ghl-edge/core";
import * as v from "valibot";
import type { Role } from "../administration-model.ts";
import { checkInput } from "../input-problem.ts";
import { isResourceId } from "../resource.ts";
import type { Caller } from "./caller.ts";

/**
 * `props` of a service binding to the entrypoint `Gateway`: what the Worker behind it may do. All of it is optional, and
 * what is not there is not allowed, but for `access` (`read`) and `resources` (every one of the app).
 */
export interface BindingProps {
  /** Name of the Worker, for logs, the audit and fair scheduling. */
  readonly name?: string;
  /** App whose installations it may call. */
  readonly app?: string;
  readonly access?: "read" | "write";
  /** `location:<id>` or `company:<id>`. */
  readonly resources?: readonly string[];
  /** Its role in the admin API. */
  readonly admin?: Role;
}

export interface BindingRights {
  readonly name: string;
  readonly caller: Caller | undefined;
  readonly role: Role | undefined;
  /** The first field that cannot be read. There are no rights then, because a restriction may be misspelt. */
  readonly problem: string | undefined;
}

const NAME = "a text that is not empty";
const name = v.pipe(v.string(NAME), v.nonEmpty(NAME));
const RESOURCE = "location:<id> or company:<id>";
const resource = v.pipe(
  v.string(RESOURCE),
  v.check((text) => readResource(text) !== undefined, RESOURCE),
  v.transform((text) => readResource(text)!),
);

const bindingProps = v.strictObject({
  name: v.optional(name),
  app: v.optional(name),
  access: v.optional(v.picklist(["read", "write"]), "read"),
  resources: v.optional(v.array(resource)),
  admin: v.optional(v.picklist(["viewer", "admin"])),
});

function readResource(text: string): Resource | undefined {
  const [, kind, id] = /^(location|company):(.+)$/.exec(text) ?? [];
  return id !== undefined && isResourceId(id) ? { kind: kind === "company" ? "company" : "location", id } : undefined;
}

/** Reads the props of a binding, which another Worker's developer has written by hand. */
export function readBindingProps(props: unknown): BindingRights {
  const given = Object(props) as { readonly name?: unknown };
  const caller = `binding:${typeof given.name === "string" && given.name !== "" ? given.name : "unnamed"}`;
  const checked = checkInput(bindingProps, props ?? {}, { root: "props" });
  if ("problem" in checked)
    return { name: caller, caller: undefined, role: undefined, problem: checked.problem.message };
  const { app, access, resources = null, admin } = checked.value;
  return {
    name: caller,
    caller: app === undefined ? undefined : { name: caller, app, access, resources },
    role: admin,
    problem: undefined,
  };
}
