import type { CheckedConfig } from "../../core/options/config.ts";
import { DEFAULT_APP, DEFAULT_COMPANY } from "../../core/options/defaults.ts";
import type { EmulatedApp, EmulatedCompany, EmulatorOptions } from "../../core/options/emulator-options.ts";
import { type EmulatedRateLimit, readRateLimit } from "../../limits/rate-limit.ts";
import type { WindowModel } from "../../limits/windows.ts";
import { MAX_SEEDED_CONTACTS, type SeedRecords } from "../../seed/seeded-contacts.ts";
import type { Arguments } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_PORT = 4010;
/** RFC 9293 section 3.1: ports have 16 bits. */
const MAX_PORT = 65_535;
/** A year in seconds: longer than a refresh token is valid. */
const MAX_GRACE_SECONDS = 31_536_000;
/** More than most agencies have; each is seeded with records of its own. */
const MAX_LOCATIONS = 1_000;

/** Reads a flag that is a whole number; `words` are those that it takes beside a number. */
function wholeNumber(name: string, text: string, { most, words = "" }: { most: number; words?: string }): number {
  // Digits alone: Number() would take "1e3", "0x10" and " 5 " as well.
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most))
    throw new UsageError(`--${name} must be ${words}a whole number up to ${most}, got ${JSON.stringify(text)}`);
  return value;
}

function readRecords(text: string): SeedRecords {
  return text === "off" || text === "small"
    ? text
    : wholeNumber("records", text, { most: MAX_SEEDED_CONTACTS, words: "off, small or " });
}

/** A number of locations, the first ones those of the default company; or ids, separated by commas. */
function readCompany(text: string, company: EmulatedCompany): EmulatedCompany {
  if (!/^\d+$/.test(text)) {
    const ids = text.split(",").map((id) => id.trim());
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (ids.includes("") || twice !== undefined)
      throw new UsageError(
        `--locations must be a number, or different ids with commas between them, got ${JSON.stringify(text)}`,
      );
    const names = new Map(company.locations.map(({ id, name }) => [id, name]));
    return { ...company, locations: ids.map((id) => ({ id, name: names.get(id) ?? `Sub-account ${id}` })) };
  }
  const count = wholeNumber("locations", text, { most: MAX_LOCATIONS });
  const locations = Array.from({ length: count }, (_, index) => {
    const number = String(index + 1);
    return (
      company.locations[index] ?? { id: `lOcAtIoN${number.padStart(12, "0")}`, name: `Example Sub-account ${number}` }
    );
  });
  return { ...company, locations };
}

function readApp(text: string): EmulatedApp {
  // A secret may have a colon in it, a client id has none.
  const [clientId = "", ...rest] = text.split(":");
  const clientSecret = rest.join(":");
  // The message must not show the secret.
  if (clientId === "" || clientSecret === "") throw new UsageError("--app must be <client id>:<client secret>");
  return { clientId, clientSecret };
}

/** The credentials of `--client-id` and `--client-secret` are those of the first app. */
function readApps(args: Arguments, [first = DEFAULT_APP, ...others]: readonly EmulatedApp[]): readonly EmulatedApp[] {
  const { "client-id": clientId = first.clientId, "client-secret": clientSecret = first.clientSecret } = args;
  const apps = [{ ...first, clientId, clientSecret }, ...others, ...(args.app ?? []).map(readApp)];
  const ids = apps.map((app) => app.clientId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`each app must have a client id of its own, got ${twice} twice`);
  const webhookUrl = args["webhook-url"];
  return webhookUrl === undefined ? apps : apps.map((app) => ({ ...app, webhookUrl }));
}

function readLimit(args: Arguments, given: EmulatorOptions["rateLimit"]): EmulatedRateLimit {
  const limit = readRateLimit(args.limit ?? given ?? "standard");
  return args.window === undefined ? limit : { ...limit, window: args.window as WindowModel };
}

/** Settings that the command starts with. */
export interface Start {
  readonly options: EmulatorOptions & {
    readonly apps: readonly EmulatedApp[];
    readonly company: EmulatedCompany;
  };
  readonly port: number;
  readonly hostname: string;
}

/**
 * Merges the settings: a flag wins over the config file, and that over the defaults.
 *
 * @throws UsageError for a value that cannot be right
 */
export function merge(args: Arguments, { options, listen }: CheckedConfig): Start {
  const company = options.company ?? DEFAULT_COMPANY;
  const merged = {
    // A person who starts the command wants to see something.
    seedRecords: "small" as const,
    ...options,
    ...(args.seed === undefined ? {} : { seed: args.seed }),
    ...(args.records === undefined ? {} : { seedRecords: readRecords(args.records) }),
    ...(args.grace === undefined
      ? {}
      : { refreshGraceMs: wholeNumber("grace", args.grace, { most: MAX_GRACE_SECONDS }) * 1000 }),
    ...(args.strict ? { checks: "strict" as const } : {}),
    ...(args["no-controls"] ? { controls: false } : {}),
    company: args.locations === undefined ? company : readCompany(args.locations, company),
    rateLimit: readLimit(args, options.rateLimit),
    apps: readApps(args, options.apps ?? [DEFAULT_APP]),
  };
  const port =
    args.port === undefined ? (listen.port ?? DEFAULT_PORT) : wholeNumber("port", args.port, { most: MAX_PORT });
  return { options: merged, port, hostname: args.host ?? listen.hostname ?? "127.0.0.1" };
}
