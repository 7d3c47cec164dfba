import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createWorkflowActionHandler,
  createWorkflowAuth,
  createWorkflowWebhookHandler,
  MarketplaceError,
  parseTriggerSubscription,
  parseWorkflowAction,
  parseWorkflowWebhook,
  readInboundWebhookUrl,
  type WorkflowAuth,
} from "../../src/workflows.ts";
import { id } from "../encodings.ts";
import { PROPERTY_TIMEOUT_MS } from "../runs.ts";
import { TARGET_URL } from "./samples.ts";

const URL_ = "https://you.example/workflow";
const secret = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
/** Generates values that are valid in a header. */
const headerText = fc.oneof(fc.stringMatching(/^[\x20-\x7e]{0,40}$/), secret);

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

interface Carried {
  readonly auth: (values: readonly string[]) => WorkflowAuth;
  readonly request: (value: string) => { headers: Headers; url: string };
}

const carriers: Readonly<Record<string, Carried>> = {
  bearer: {
    auth: (tokens) => ({ kind: "bearer", tokens }),
    request: (value) => ({ headers: new Headers({ authorization: `Bearer ${value}` }), url: URL_ }),
  },
  basic: {
    auth: (values) => ({ kind: "basic", users: values.map((password) => ({ username: "hl", password })) }),
    request: (value) => ({ headers: new Headers({ authorization: `Basic ${base64(`hl:${value}`)}` }), url: URL_ }),
  },
  header: {
    auth: (values) => ({ kind: "header", name: "x-key", values }),
    request: (value) => ({ headers: new Headers({ "x-key": value }), url: URL_ }),
  },
  query: {
    auth: (values) => ({ kind: "query", name: "key", values }),
    request: (value) => ({ headers: new Headers(), url: `${URL_}?${new URLSearchParams({ key: value })}` }),
  },
};

test.each(Object.keys(carriers))(
  "%s lets in each of its values, and nothing else",
  async (kind) => {
    const { auth, request } = carriers[kind]!;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(secret, { minLength: 1, maxLength: 3 }), headerText, async (values, given) => {
        const check = createWorkflowAuth(auth(values));
        for (const value of values) expect(await check(request(value))).toBe(true);
        // A header value loses its surrounding spaces. Everything else must arrive unchanged.
        const arrives = kind === "basic" || kind === "query" ? given : given.trim();
        expect(await check(request(given))).toBe(values.includes(arrives));
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any form of the same webhook reads the same",
  async () => {
    const sent = fc.record({
      contact_id: id,
      first_name: id,
      email: id,
      location: fc.record({ id }),
      workflow: fc.record({ id, name: fc.string() }),
      customData: fc.dictionary(id, fc.string(), { maxKeys: 3 }),
    });
    const write = (body: Record<string, unknown>, form: string): URLSearchParams => {
      const pairs = Object.entries(body).flatMap(([name, value]): [string, string][] => {
        if (typeof value === "string") return [[name, value]];
        if (form === "json") return [[name, JSON.stringify(value)]];
        return Object.entries(value as Record<string, string>).map(([member, each]) => [
          form === "dots" ? `${name}.${member}` : `${name}[${member}]`,
          each,
        ]);
      });
      return new URLSearchParams(pairs);
    };
    await fc.assert(
      fc.asyncProperty(sent, fc.constantFrom("dots", "brackets", "json"), async (body, form) => {
        const pairs = write(body, form);
        const type = { "content-type": "application/x-www-form-urlencoded" };
        for (const request of [
          new Request(URL_, { method: "POST", body: JSON.stringify(body) }),
          new Request(URL_, { method: "PUT", body: pairs.toString(), headers: type }),
          new Request(`${URL_}?${pairs}`),
        ]) {
          const { locationId, contactId, workflowId, contact, customData } = await parseWorkflowWebhook(request);
          expect({ locationId, contactId, workflowId, contact, customData: { ...customData } }).toEqual({
            locationId: body.location.id,
            contactId: body.contact_id,
            workflowId: body.workflow.id,
            contact: { id: body.contact_id, firstName: body.first_name, email: body.email, tags: [] },
            customData: { ...body.customData },
          });
        }
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

const name = fc.constantFrom(
  "data",
  "extras",
  "meta",
  "triggerData",
  "branches",
  "customData",
  "location",
  "__proto__",
);
const member = fc.constantFrom("key", "version", "id", "eventType", "targetUrl", "filters", "branches", "locationId");
const value = fc.oneof(fc.constantFrom<unknown>("CREATED", "send", TARGET_URL, "1.0", "1"), fc.jsonValue());
const body = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .array(fc.tuple(name, fc.oneof(value, fc.array(fc.tuple(member, value)).map(Object.fromEntries))))
    .map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
);

test(
  "any body of an action or a subscription is read or refused with the package's error",
  () => {
    fc.assert(
      fc.property(body, (text) => {
        for (const parse of [parseWorkflowAction, parseTriggerSubscription]) {
          try {
            const read = parse(text);
            if ("targetUrl" in read) expect(read.targetUrl).toBe(TARGET_URL);
          } catch (error) {
            expect(error).toBeInstanceOf(MarketplaceError);
          }
        }
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any request is answered, and only one with the secret is handed on",
  async () => {
    const auth: WorkflowAuth = { kind: "header", name: "x-key", values: ["right"] };
    let seen = 0;
    const webhook = createWorkflowWebhookHandler({ auth, onWebhook: () => void seen++ });
    const action = createWorkflowActionHandler({ auth, actions: { send: () => void seen++ } });
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    const type = fc.constantFrom("application/json", "application/x-www-form-urlencoded", "text/plain", "");
    await fc.assert(
      fc.asyncProperty(
        method,
        type,
        body,
        fc.constantFrom("right", "wrong", ""),
        async (verb, contentType, text, key) => {
          for (const handler of [webhook, action]) {
            const before = seen;
            const request = new Request(URL_, {
              method: verb,
              headers: { "content-type": contentType, "x-key": key },
              ...(verb === "GET" ? {} : { body: text }),
            });
            const { status } = await handler(request);
            expect([200, 400, 401, 404, 405]).toContain(status);
            expect([seen - before, status === 401 || status === 405]).toEqual(
              status === 200 ? [1, false] : [0, key !== "right" || status === 405],
            );
          }
        },
      ),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any text is HighLevel's URL or refused, and in no error",
  () => {
    const parts = [
      fc.constantFrom("https://", "http://", "https:", "//", "javascript:", ""),
      fc.constantFrom("", "user@", "u:p@", "services.leadconnectorhq.com@"),
      fc.oneof(
        fc.constantFrom("services.leadconnectorhq.com", "services.leadconnectorhq.com:443", "x.example"),
        fc.domain(),
      ),
      fc.constantFrom("/hooks/", "/hooks", "\\hooks\\", "/hooks/../", "/%68ooks/", ".example/hooks/"),
      fc.oneof(fc.stringMatching(/^[\w-]{8,20}$/), fc.webPath(), fc.string()),
    ] as const;
    const text = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.tuple(...parts).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          const { protocol, host, username, password, pathname } = new URL(readInboundWebhookUrl(input).href);
          expect([protocol, host, username, password]).toEqual(["https:", "services.leadconnectorhq.com", "", ""]);
          expect(pathname).toMatch(/^\/hooks(\/[\w-]+)+\/?$/);
        } catch (error) {
          expect(error).toBeInstanceOf(MarketplaceError);
          expect((error as Error).message).toMatch(/^URL must be an inbound webhook of HighLevel, got [a-zA-Z ,']+$/);
        }
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
