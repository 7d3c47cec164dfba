import * as v from "valibot";
import { readCursor, writeCursor } from "../../directory/cursor.ts";
import type { InstallationRef } from "../../directory/tables/installations.ts";
import type { KeyUse } from "../../domain/contracts/token-grant.ts";
import { type ActionContext, invalid, reach } from "./shared.ts";

/** Ids of the keys of `TOKEN_KEYS`; never a key. */
export interface TokenKeys {
  /** Seals everything new. */
  readonly activeId: string;
  readonly ids: readonly string[];
}

export interface RewrapStep {
  /** Installations, endpoints or workflow receivers that this step checks. */
  readonly limit: number;
  /** `nextCursor` of the previous step. */
  readonly cursor?: string | undefined;
}

/** Counts what a key seals, of everything that the walk has checked so far. */
export interface TokenKeyUse {
  readonly id: string;
  /** False: it is not in `TOKEN_KEYS`. */
  readonly configured: boolean;
  readonly grants: number;
  readonly cachedTokens: number;
  readonly endpoints: number;
  readonly workflowReceivers: number;
  /** Counts those of all of these that do not open. */
  readonly unreadable: number;
}

export interface Rewrapped {
  readonly activeId: string;
  /** A key may be removed when the last step says that it seals nothing and `unreachable` is 0. */
  readonly keys: readonly TokenKeyUse[];
  /** Objects that could not be reached, in all steps: any key may seal what they store. */
  readonly unreachable: number;
  /** Null: all has been looked at. */
  readonly nextCursor: string | null;
}

/** Objects that are asked at a time. */
const AT_ONCE = 5;

const PHASES = ["endpoint", "workflow_receiver", "installation"] as const;
const KINDS = ["grants", "cachedTokens", "endpoints", "workflowReceivers", "unreadable"] as const;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** The cursor holds the position and the sums so far. It is not signed, because a caller that changes it deceives only itself. */
const walk = v.object({
  phase: v.picklist(PHASES),
  /** Cursor of the list of installations, or id in a table. Empty: the walk is at the beginning. */
  after: v.string(),
  /** A company whose locations are walked before the list goes on. */
  company: v.optional(v.object({ app: v.string(), id: v.string(), afterId: v.string() })),
  unreachable: count,
  uses: v.record(v.string(), v.object({ ...v.entriesFromList(KINDS, count) })),
});
type Walk = v.InferOutput<typeof walk>;
type Counted = Walk["uses"][string];

const START: Walk = { phase: "endpoint", after: "", unreachable: 0, uses: {} };
const NOTHING: Counted = { grants: 0, cachedTokens: 0, endpoints: 0, workflowReceivers: 0, unreadable: 0 };

function readWalk(cursor: string): Walk {
  const [text = ""] = readCursor(cursor, 1);
  try {
    return v.parse(walk, JSON.parse(text));
  } catch {
    throw invalid("cursor must be the nextCursor of a step before");
  }
}

function add(uses: Walk["uses"], keyId: string, more: Partial<Counted>): Walk["uses"] {
  const sum = { ...(uses[keyId] ?? NOTHING) };
  for (const kind of KINDS) sum[kind] += more[kind] ?? 0;
  return { ...uses, [keyId]: sum };
}

/** A grant and the tokens that its coordinator keeps; null: one of them cannot be reached. */
async function visit(
  { objects, config }: ActionContext,
  { app, resource }: InstallationRef,
): Promise<readonly { readonly keyId: string; readonly more: Partial<Counted> }[] | null> {
  try {
    const [use, cachedTokens] = await Promise.all([
      reach<ReturnType<typeof objects.grant>, KeyUse | undefined>(
        () => objects.grant(app, resource),
        (grant) => grant.keyUse(),
      ),
      reach(
        () => objects.coordinator(app, resource),
        (coordinator) => coordinator.dropStaleTokens(),
      ),
    ]);
    const grant =
      use === undefined ? [] : [{ keyId: use.keyId, more: { grants: 1, unreadable: use.readable ? 0 : 1 } }];
    return [...grant, { keyId: config.tokenKeys.activeId, more: { cachedTokens } }];
  } catch {
    return null;
  }
}

async function visitAll(options: ActionContext, from: Walk, refs: readonly InstallationRef[]): Promise<Walk> {
  let { unreachable, uses } = from;
  for (let first = 0; first < refs.length; first += AT_ONCE) {
    const found = await Promise.all(refs.slice(first, first + AT_ONCE).map((ref) => visit(options, ref)));
    for (const one of found) {
      if (one === null) unreachable++;
      for (const { keyId, more } of one ?? []) uses = add(uses, keyId, more);
    }
  }
  return { ...from, unreachable, uses };
}

async function tableStep({ directory }: ActionContext, from: Walk, limit: number): Promise<Walk> {
  const isEndpoint = from.phase === "endpoint";
  const { keys, nextId } = await (isEndpoint ? directory.endpoints : directory.workflowReceivers).rewrap(
    from.after,
    limit,
  );
  let { uses } = from;
  for (const [keyId, { rows, unreadable }] of keys)
    uses = add(uses, keyId, { unreadable, [isEndpoint ? "endpoints" : "workflowReceivers"]: rows });
  if (nextId !== undefined) return { ...from, uses, after: nextId };
  return { ...from, uses, after: "", phase: isEndpoint ? "workflow_receiver" : "installation" };
}

/** Locations of a company that the directory does not list: they have had no INSTALL of their own. */
async function companyStep(options: ActionContext, from: Walk, limit: number): Promise<Walk> {
  const { company, ...rest } = from;
  if (company === undefined) return rest;
  const { app, id, afterId } = company;
  const resource = { kind: "company", id } as const;
  let ids: readonly string[];
  try {
    ids = await reach(
      () => options.objects.grant(app, resource),
      (grant) => grant.servedLocations(afterId, limit),
    );
  } catch {
    return { ...rest, unreachable: rest.unreachable + 1 };
  }
  const refs = ids.map((locationId) => ({ app, resource: { kind: "location", id: locationId } as const }));
  const listed = await Promise.all(refs.map((ref) => options.directory.installations.find(ref)));
  const visited = await visitAll(
    options,
    rest,
    refs.filter((_ref, index) => listed[index] === undefined),
  );
  const lastId = ids.at(-1);
  return ids.length < limit || lastId === undefined ? visited : { ...visited, company: { app, id, afterId: lastId } };
}

async function installationStep(
  options: ActionContext,
  from: Walk,
  limit: number,
): Promise<{ readonly walk: Walk; readonly done: boolean }> {
  if (from.company !== undefined) return { walk: await companyStep(options, from, limit), done: false };
  const { directory } = options;
  const cursor = from.after === "" ? undefined : from.after;
  const { items } = await directory.installations.list({ limit, cursor });
  // A company ends the step, so that its locations are walked before the list goes on.
  const companyAt = items.findIndex(({ resource }) => resource.kind === "company");
  const taken = companyAt === -1 ? items : items.slice(0, companyAt + 1);
  const visited = await visitAll(options, from, taken);
  const last = taken.at(-1);
  if (last === undefined) return { walk: visited, done: true };
  const after = writeCursor([last.app, last.resource.kind, last.resource.id]);
  if (companyAt !== -1)
    return { walk: { ...visited, after, company: { app: last.app, id: last.resource.id, afterId: "" } }, done: false };
  return { walk: { ...visited, after }, done: items.length < limit };
}

export async function tokenKeys({ config }: ActionContext): Promise<TokenKeys> {
  const { activeId, keys } = config.tokenKeys;
  return { activeId, ids: [...keys.keys()].sort() };
}

/** One step of sealing everything by the active key, and of counting what each key seals. A step may be repeated. */
export async function rewrapSecrets(context: ActionContext, { limit, cursor }: RewrapStep): Promise<Rewrapped> {
  const { config, directory, change } = context;
  const { activeId, keys } = config.tokenKeys;
  const from = cursor === undefined ? START : readWalk(cursor);
  if (cursor === undefined)
    await directory.audit.note({ action: "secrets.rewrapped", app: null, target: activeId }, change);
  const { walk: to, done } =
    from.phase === "installation"
      ? await installationStep(context, from, limit)
      : { walk: await tableStep(context, from, limit), done: false };
  const all = [...new Set([...keys.keys(), ...Object.keys(to.uses)])].sort();
  return {
    activeId,
    keys: all.map((id) => ({ id, configured: keys.has(id), ...(to.uses[id] ?? NOTHING) })),
    unreachable: to.unreachable,
    nextCursor: done ? null : writeCursor([JSON.stringify(to)]),
  };
}
