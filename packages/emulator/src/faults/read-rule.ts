import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import type { Fault, FaultKind, FaultMatch, FaultRule } from "./fault.ts";

type FieldType = "number" | "string" | "boolean";

/** Fields of each kind; `!` marks those it cannot do without. */
const FIELDS: Readonly<Record<FaultKind, Readonly<Record<string, FieldType | "number!">>>> = {
  latency: { ms: "number!", jitterMs: "number", after: "boolean" },
  lost: {},
  hold: { ms: "number" },
  status: { status: "number!", body: "string", executes: "boolean" },
  reset: {},
  garbage: { body: "string", status: "number" },
  cut: { bytes: "number" },
  slow: { chunkBytes: "number", pauseMs: "number" },
  skew: { ms: "number!" },
};
const MATCH_FIELDS = ["method", "path", "operation", "grantType", "resourceId"];

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new EmulatorConfigurationError(`${what} must be an object`);
  return value as Record<string, unknown>;
}

function checkNumber(name: string, value: unknown, negative: boolean): void {
  if (typeof value !== "number" || !Number.isFinite(value) || (!negative && value < 0))
    throw new EmulatorConfigurationError(`${name} must be a ${negative ? "" : "non-negative "}number`);
}

function readFault(value: unknown): Fault {
  const fault = record(value, "fault");
  const kind = fault.kind;
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind))
    throw new EmulatorConfigurationError(`fault.kind must be one of ${Object.keys(FIELDS).join(", ")}`);
  const fields = FIELDS[kind as FaultKind];
  for (const [name, field] of Object.entries(fault)) {
    if (name === "kind" || field === undefined) continue;
    const type = fields[name]?.replace("!", "");
    if (type === undefined) throw new EmulatorConfigurationError(`fault.${name} must not be set for ${kind}`);
    if (type === "number") checkNumber(`fault.${name}`, field, kind === "skew");
    else if (typeof field !== type) throw new EmulatorConfigurationError(`fault.${name} must be a ${type}`);
  }
  for (const [name, type] of Object.entries(fields))
    if (type.endsWith("!") && fault[name] === undefined)
      throw new EmulatorConfigurationError(`fault.${name} is missing`);
  const { status } = fault as { status?: number };
  // `new Response` takes a body with these statuses only.
  if (status !== undefined && (!Number.isInteger(status) || status < 200 || status > 599))
    throw new EmulatorConfigurationError("fault.status must be between 200 and 599");
  if (fault.chunkBytes === 0) throw new EmulatorConfigurationError("fault.chunkBytes must be at least 1");
  return fault as unknown as Fault;
}

function readMatch(value: unknown): FaultMatch {
  const match = record(value, "match");
  for (const [name, field] of Object.entries(match)) {
    if (!MATCH_FIELDS.includes(name)) throw new EmulatorConfigurationError(`match.${name} is not known`);
    if (field !== undefined && typeof field !== "string")
      throw new EmulatorConfigurationError(`match.${name} must be a string`);
  }
  return match;
}

/** Checks what may have come over the wire. @throws EmulatorConfigurationError naming the field. */
export function readRule(value: unknown): FaultRule {
  const { fault, match, skip, times } = record(value, "rule");
  if (skip !== undefined) checkNumber("skip", skip, false);
  if (times !== undefined) checkNumber("times", times, false);
  return {
    fault: readFault(fault),
    ...(match === undefined ? {} : { match: readMatch(match) }),
    ...(skip === undefined ? {} : { skip: skip as number }),
    ...(times === undefined ? {} : { times: times as number }),
  };
}
