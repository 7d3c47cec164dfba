/** Compiled, never run. A line under `@ts-expect-error` must be wrong; an `any` anywhere turns `Equals` false. */
import { Contacts as ContactsV2 } from "../src/generated/v2/contacts.gen.ts";
import { Contacts } from "../src/generated/v3/contacts.gen.ts";
import { Oauth } from "../src/generated/v3/oauth.gen.ts";
import { Opportunities, type Opportunity, type Pipeline } from "../src/generated/v3/opportunities.gen.ts";
import {
  type AccessTokenProvider,
  createClient,
  type GhlError,
  type NotFoundError,
  type RateLimiter,
} from "../src/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
const check = <T extends true>(): T | undefined => undefined;

const client = createClient({ auth: "token" });

export async function unbound(): Promise<void> {
  const contacts = client.use(Contacts);
  await contacts.createContact({ body: { locationId: "L1", firstName: "A" } });
  await contacts.getDuplicateContact({ locationId: "L1", email: "a@b.test" });
  // @ts-expect-error the location is the caller's to name
  await contacts.createContact({ body: { firstName: "A" } });
  // @ts-expect-error also in the query
  await contacts.getDuplicateContact({ email: "a@b.test" });
  // @ts-expect-error and the parameters are not optional then
  await contacts.getDuplicateContact();
}

export async function bound(): Promise<void> {
  const contacts = client.location("L1").use(Contacts);
  await contacts.createContact({ body: { firstName: "A" } });
  await contacts.getDuplicateContact({ email: "a@b.test" });
  await contacts.getDuplicateContact({ locationId: "L2" });
  // @ts-expect-error no such field
  await contacts.createContact({ body: { firstNme: "A" } });
  // @ts-expect-error wrong type
  await contacts.createContact({ body: { firstName: 1 } });
  // @ts-expect-error no such parameter
  await contacts.getContact({ contactId: "c1", contatId: "c1" });
  // @ts-expect-error a path parameter is required
  await contacts.getContact({});
  // @ts-expect-error no such method
  contacts.getContcat({ contactId: "c1" });
}

/** The options of the compiler include `exactOptionalPropertyTypes`. */
export async function undefinedMembers(email: string | undefined): Promise<void> {
  const contacts = client.location("L1").use(Contacts);
  await contacts.getDuplicateContact({ email, number: undefined, locationId: undefined });
  await contacts.createContact({ body: { email, tags: undefined, locationId: undefined } });
  const { contact } = await contacts.getContact({ contactId: "c1" });
  await contacts.updateContact({ contactId: "c1", body: { firstName: contact?.firstName, tags: contact?.tags } });
  // @ts-expect-error what is required is no undefined
  await contacts.getContact({ contactId: undefined });
}

/** Where the tenant is all that is required, a handle that knows it takes no parameters. */
export async function onlyTheTenant(): Promise<void> {
  const opportunities = client.location("L1").use(Opportunities);
  const { pipelines } = await opportunities.getPipelines();
  check<Equals<typeof pipelines, Pipeline[]>>();
  await opportunities.getPipelines({});
  await opportunities.getPipelines({ locationId: "L2" }, { timeoutMs: 1000 });
  await opportunities.getPipelines(undefined, { timeoutMs: 1000 });
  for await (const opportunity of opportunities.searchOpportunity()) check<Equals<typeof opportunity, Opportunity>>();
  // @ts-expect-error nobody named the location
  await client.use(Opportunities).getPipelines();
  // @ts-expect-error a company is no location
  await client.company("C1").use(Opportunities).getPipelines();
  // @ts-expect-error no such parameter
  await opportunities.getPipelines({ limit: 1 });
}

export async function companyBound(): Promise<void> {
  const contacts = client.company("C1").use(Contacts);
  // @ts-expect-error a company is no location
  await contacts.getDuplicateContact({ email: "a@b.test" });
}

export async function answers(): Promise<void> {
  const { contact } = await client.use(Contacts).getContact({ contactId: "c1" });
  check<Equals<IsAny<typeof contact>, false>>();
  check<Equals<NonNullable<typeof contact>["firstName"], string | undefined>>();
  // @ts-expect-error no such field
  contact?.fristName;
  const old = await client.use(ContactsV2).getContact({ contactId: "c1" });
  check<Equals<IsAny<typeof old>, false>>();
  // @ts-expect-error no such field
  old.contakt;
}

export async function lists(): Promise<void> {
  const list = client.company("C1").use(Oauth).listInstalledLocations({ appId: "a1" });
  for await (const item of list) {
    check<Equals<IsAny<typeof item>, false>>();
    check<Equals<typeof item.name, string>>();
    // @ts-expect-error no such field
    item.nmae;
  }
  for await (const page of list.pages({ maxPages: 2 })) check<Equals<IsAny<typeof page.items>, false>>();
  const asPromise: Promise<unknown> = list;
  await asPromise;
}

// the options take what they should
createClient({ auth: { privateIntegrationToken: "pit" } });
createClient({ auth: null, fetch: globalThis.fetch });
createClient({ auth: null, fetch: async (request: Request) => new Response(request.body) });
createClient({ auth: null, fetch: (request) => fetch(new Request(request, { headers: { "x-mine": "1" } })) });
// @ts-expect-error a fetch gets one request: who takes a URL would lose method, headers and body
createClient({ auth: null, fetch: (url: string) => fetch(url) });
// @ts-expect-error and there is no second argument to take them from
createClient({ auth: null, fetch: (url, init: RequestInit) => fetch(url, init) });
createClient({ auth: { getAccessToken: async ({ resource, rejectedToken }) => `${resource?.id}${rejectedToken}` } });
// @ts-expect-error auth is required: a missing token is no decision
createClient({});
// @ts-expect-error an unset variable is not a token
createClient({ auth: undefined });
// @ts-expect-error no token from a provider
createClient({ auth: { getAccessToken: async () => undefined } });

export const provider: AccessTokenProvider = { getAccessToken: () => "t" };
export const limiter: RateLimiter = { acquire: () => ({ release: (outcome) => outcome?.headers.get("retry-after") }) };

/** `code` distinguishes the classes. */
export function codes(error: GhlError, notFound: NotFoundError): void {
  check<Equals<typeof notFound.code, "ERR_GHL_NOT_FOUND">>();
  // @ts-expect-error no such code
  if (error.code === "ERR_GHL_TEAPOT") return;
}
