/** The kind of call that is measured. */
export type CallKind = "get" | "post";

/** Makes one call and resolves with the parsed answer. */
export type Caller = (kind: CallKind) => Promise<unknown>;

/** Type of the stub that answers all of them. */
export type StubFetch = typeof fetch;

const BASE_URL = "https://services.leadconnectorhq.com";
const TOKEN = "pit-00000000-0000-0000-0000-000000000000";
const BODY = { locationId: "l1", firstName: "Ada", lastName: "Lovelace", email: "ada@example.com" };

async function rawFetch(stub: StubFetch): Promise<Caller> {
  const headers = { accept: "application/json", authorization: `Bearer ${TOKEN}`, version: "v3" };
  const withBody = { ...headers, "content-type": "application/json" };
  return async (kind) => {
    const response =
      kind === "get"
        ? await stub(`${BASE_URL}/contacts/${encodeURIComponent("c1")}`, { headers })
        : await stub(`${BASE_URL}/contacts/`, { method: "POST", headers: withBody, body: JSON.stringify(BODY) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.json();
  };
}

async function ours(stub: StubFetch): Promise<Caller> {
  const { createClient } = await import("@ghl-edge/client");
  const { Contacts } = await import("@ghl-edge/client/v3/contacts");
  // In place of the platform's, as users have it. A `fetch` of one's own costs a `Request` per call, which openapi-fetch makes anyway.
  globalThis.fetch = stub;
  const contacts = createClient({ auth: { privateIntegrationToken: TOKEN } }).use(Contacts);
  return (kind) => (kind === "get" ? contacts.getContact({ contactId: "c1" }) : contacts.createContact({ body: BODY }));
}

async function openapiFetch(stub: StubFetch): Promise<Caller> {
  const { default: createClient } = await import("openapi-fetch");
  interface Paths {
    "/contacts/{contactId}": {
      get: {
        parameters: { path: { contactId: string } };
        responses: { 200: { content: { "application/json": object } } };
      };
    };
    "/contacts/": {
      post: {
        requestBody: { content: { "application/json": typeof BODY } };
        responses: { 201: { content: { "application/json": object } } };
      };
    };
  }
  const headers = { authorization: `Bearer ${TOKEN}`, version: "v3" };
  const client = createClient<Paths>({ baseUrl: BASE_URL, headers, fetch: stub });
  return async (kind) => {
    const { data } =
      kind === "get"
        ? await client.GET("/contacts/{contactId}", { params: { path: { contactId: "c1" } } })
        : await client.POST("/contacts/", { body: BODY });
    return data;
  };
}

/** Its HTTP library gets an adapter that calls the stub and nothing else, so that only the SDK's own work counts. */
async function officialSdk(stub: StubFetch): Promise<Caller> {
  const { HighLevel } = await import("@gohighlevel/api-client");
  const highLevel = new HighLevel({ privateIntegrationToken: TOKEN });
  interface Config {
    readonly baseURL: string;
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly data?: string;
  }
  const inside = highLevel as unknown as { httpClient: { defaults: { adapter: unknown } } };
  inside.httpClient.defaults.adapter = async (config: Config) => {
    const { method, headers, data: body } = config;
    const response = await stub(config.baseURL + config.url, { method, headers, ...(body !== undefined && { body }) });
    const data = await response.text();
    return { data, status: response.status, statusText: response.statusText, headers: {}, config, request: {} };
  };
  return (kind) =>
    kind === "get" ? highLevel.contacts.getContact({ contactId: "c1" }) : highLevel.contacts.createContact(BODY);
}

async function gnosticdevSdk(stub: StubFetch): Promise<Caller> {
  const { createHighLevelClient } = await import("@gnosticdev/highlevel-sdk");
  const auth = { privateToken: TOKEN, accessType: "Sub-Account" } as const;
  const client = createHighLevelClient({ fetch: stub }, "integration", auth);
  const header = { Authorization: `Bearer ${TOKEN}`, Version: "2021-07-28" } as const;
  return async (kind) => {
    const { data } =
      kind === "get"
        ? await client.contacts.GET("/contacts/{contactId}", { params: { header, path: { contactId: "c1" } } })
        : await client.contacts.POST("/contacts/", { params: { header }, body: BODY });
    return data;
  };
}

/** Name → maker of a caller. */
export const callers: Readonly<Record<string, (stub: StubFetch) => Promise<Caller>>> = {
  "raw fetch": rawFetch,
  "ghl-edge": ours,
  "openapi-fetch": openapiFetch,
  "official SDK": officialSdk,
  "@gnosticdev SDK": gnosticdevSdk,
};
