import { isObject, type Resource } from "@ghl-edge/core";
import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import type { EmulatedApp, EmulatedCompany } from "../core/options/emulator-options.ts";
import type { Emulator } from "../emulator-api.ts";
import type { Fault, FaultKind } from "../faults/fault.ts";

/** Values that a form sends, by field name. An empty text stands for a field that was left empty. */
export type Values = Readonly<Record<string, string>>;

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "number" | "url" | "json" | "select" | "tick";
  /** Initial value. */
  readonly value?: string;
  readonly required?: boolean;
  /** Options of a select: value and label. */
  readonly options?: readonly (readonly [string, string])[];
}

/** A button of the page: what it asks, and what it does. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly button: string;
  readonly fields: readonly Field[];
  /** @returns What happened, in a sentence @throws EmulatorConfigurationError for a value that cannot be right */
  run(values: Values): string | Promise<string>;
}

/** Choices that the forms offer. */
export interface Stage {
  readonly emulator: Emulator;
  readonly company: EmulatedCompany;
  readonly apps: readonly EmulatedApp[];
}

const UNITS: Readonly<Record<string, number>> = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const FAULT_KINDS: readonly (readonly [FaultKind, string])[] = [
  ["status", "status: another answer"],
  ["latency", "latency: a wait before it is executed"],
  ["lost", "lost: executed, then the connection breaks"],
  ["reset", "reset: the connection breaks, nothing is executed"],
  ["hold", "hold: executed, the answer waits for its release"],
  ["garbage", "garbage: the answer is a page"],
  ["cut", "cut: the answer breaks off"],
  ["slow", "slow: the answer comes in small pieces"],
  ["skew", "skew: the clock is ahead"],
];

const asIs = (values: readonly string[]): readonly (readonly [string, string])[] =>
  values.map((value) => [value, value]);

function resourceField({ company }: Stage): Field {
  const options: (readonly [string, string])[] = [
    ...company.locations.map(({ id, name }) => [`location ${id}`, `${name} (location)`] as const),
    [`company ${company.id}`, `${company.name} (company)`],
  ];
  return { name: "resource", label: "Location or company", kind: "select", options };
}

function resourceOf(values: Values): Resource {
  const [kind, id = ""] = (values.resource ?? "").split(" ");
  if ((kind !== "location" && kind !== "company") || id === "")
    throw new EmulatorConfigurationError("resource must be a location or a company");
  return { kind, id };
}

function numberOf(values: Values, name: string): number {
  const text = values[name] ?? "";
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value))
    throw new EmulatorConfigurationError(`${name} must be a number, got ${JSON.stringify(text)}`);
  return value;
}

function optionalNumber(values: Values, name: string): number | undefined {
  return (values[name] ?? "") === "" ? undefined : numberOf(values, name);
}

function jsonOf(values: Values, name: string): Readonly<Record<string, unknown>> {
  const text = (values[name] ?? "").trim();
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new EmulatorConfigurationError(`${name} must be a JSON object, for example {"firstName":"Ada"}`);
}

function sendEvent({ emulator, apps, company }: Stage): Action {
  return {
    id: "send-event",
    title: "Send an event",
    button: "Send",
    fields: [
      {
        name: "event",
        label: "Event",
        kind: "select",
        options: asIs(emulator.webhooks.events),
        value: "ContactCreate",
      },
      {
        name: "url",
        label: "URL of your app",
        kind: "url",
        required: true,
        value: apps.find(({ webhookUrl }) => webhookUrl !== undefined)?.webhookUrl ?? "",
      },
      {
        name: "locationId",
        label: "Location",
        kind: "select",
        options: company.locations.map(({ id, name }) => [id, name] as const),
      },
      { name: "fields", label: "Fields of your own, as JSON (optional)", kind: "json" },
    ],
    run: async (values) => {
      const { event = "", url = "", locationId = "" } = values;
      if (!URL.canParse(url))
        throw new EmulatorConfigurationError(`url must be an absolute URL, got ${JSON.stringify(url)}`);
      const own = { ...(locationId === "" ? {} : { locationId }), ...jsonOf(values, "fields") };
      const { attempts } = await emulator.webhooks.deliver(event, url, { fields: own });
      const status = attempts.at(-1)?.status ?? 0;
      return status === 0
        ? `${event} was sent to ${url}, and nothing answered.`
        : `${event} was sent to ${url} and answered with ${status}.`;
    },
  };
}

function endTokens(stage: Stage): Action {
  return {
    id: "end-tokens",
    title: "End access tokens",
    button: "End tokens",
    fields: [resourceField(stage)],
    run: (values) => {
      const resource = resourceOf(values);
      stage.emulator.expireAccessTokens(resource);
      return `The access tokens of ${resource.kind} ${resource.id} have ended; its refresh tokens live on.`;
    },
  };
}

function faultOf(values: Values): Fault {
  const kind = values.kind as FaultKind;
  const ms = optionalNumber(values, "ms");
  const status = optionalNumber(values, "status");
  switch (kind) {
    case "latency":
    case "skew":
      return { kind, ms: ms ?? 1_000 };
    case "hold":
      return ms === undefined ? { kind } : { kind, ms };
    case "status":
      return { kind, status: status ?? 500 };
    case "garbage":
      return status === undefined ? { kind } : { kind, status };
    default:
      // An unknown kind is refused where rules are read.
      return { kind };
  }
}

function addFault({ emulator }: Stage): Action {
  return {
    id: "add-fault",
    title: "Add a fault",
    button: "Add",
    fields: [
      { name: "kind", label: "What happens", kind: "select", options: FAULT_KINDS },
      { name: "path", label: "Path (* stands for any characters; empty: all)", kind: "text" },
      { name: "method", label: "Method (empty: all)", kind: "text" },
      { name: "status", label: "Status (of status and garbage; default 500)", kind: "number" },
      { name: "ms", label: "Milliseconds (of latency, hold and skew; default 1,000)", kind: "number" },
      { name: "times", label: "How many times (empty: until it is removed)", kind: "number" },
    ],
    run: (values) => {
      const times = optionalNumber(values, "times");
      const { path = "", method = "" } = values;
      const match = { ...(path === "" ? {} : { path }), ...(method === "" ? {} : { method }) };
      const id = emulator.faults.add({ fault: faultOf(values), match, ...(times === undefined ? {} : { times }) });
      return `${id} is in force: ${values.kind} ${path === "" ? "on every path" : `on ${path}`}.`;
    },
  };
}

function moveClock({ emulator }: Stage): Action {
  return {
    id: "move-clock",
    title: "Move the clock",
    button: "Move",
    fields: [
      { name: "amount", label: "How far (negative: back)", kind: "number", value: "1", required: true },
      { name: "unit", label: "Unit", kind: "select", options: asIs(Object.keys(UNITS)), value: "hours" },
    ],
    run: (values) => {
      const { unit = "" } = values;
      const unitMs = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
      if (unitMs === undefined)
        throw new EmulatorConfigurationError(`unit must be one of ${Object.keys(UNITS).join(", ")}`);
      emulator.clock.advance(numberOf(values, "amount") * unitMs);
      return `The clock is at ${new Date(emulator.clock.now()).toISOString()}.`;
    },
  };
}

function spendBudget(stage: Stage): Action {
  const { emulator, apps } = stage;
  return {
    id: "spend-budget",
    title: "Spend the budget",
    button: "Spend",
    fields: [
      resourceField(stage),
      { name: "app", label: "App", kind: "select", options: asIs(apps.map(({ clientId }) => clientId)) },
      { name: "requests", label: "Requests of somebody else", kind: "number", value: "100", required: true },
    ],
    run: (values) => {
      const requests = numberOf(values, "requests");
      const spent = emulator.limits.spend(resourceOf(values), requests, values.app === "" ? undefined : values.app);
      return `${spent} of ${requests} requests were let in and counted.`;
    },
  };
}

function reset({ emulator }: Stage): Action {
  return {
    id: "reset",
    title: "Reset",
    button: "Reset",
    fields: [
      { name: "sure", label: "Forget all requests, tokens, installations and changes", kind: "tick", required: true },
    ],
    run: (values) => {
      if (values.sure !== "yes")
        throw new EmulatorConfigurationError("sure must be ticked: a reset forgets everything");
      emulator.reset();
      return "The emulator is as it was at the start. Tokens that were given out are no more.";
    },
  };
}

/** Every button that has a form, in the order of the page. */
export function actionsOf(stage: Stage): readonly Action[] {
  return [sendEvent, endTokens, addFault, moveClock, spendBudget, reset].map((make) => make(stage));
}

/** Buttons without a form, beside what they are about. */
export function buttonsOf({ emulator }: Stage): readonly Action[] {
  return [
    {
      id: "remove-fault",
      title: "Remove a fault",
      button: "Remove",
      fields: [],
      run: ({ fault = "" }) =>
        emulator.faults.remove(fault) ? `${fault} is removed.` : `There is no ${fault} any more.`,
    },
    {
      id: "clear-faults",
      title: "Remove all faults",
      button: "Remove all",
      fields: [],
      run: () => {
        emulator.faults.clear();
        return "No fault is in force.";
      },
    },
    {
      id: "release-held",
      title: "Release held answers",
      button: "Release held answers",
      fields: [],
      run: () => `${emulator.faults.release()} held answers were released.`,
    },
    {
      id: "clear-log",
      title: "Clear the list",
      button: "Clear the list",
      fields: [],
      run: () => {
        emulator.clearLog();
        return "The list of requests is empty.";
      },
    },
  ];
}
