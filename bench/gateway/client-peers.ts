import { run } from "../lib/child.ts";

/** Answer as the user of a client sees it. */
export interface Seen {
  readonly status: number;
  /** Id of the contact in the answer, if there is one. */
  readonly id?: string | undefined;
  /** `Retry-After`, if the client shows it. */
  readonly retryAfter?: string | undefined;
  /** Text of the client: error class, code and message, or the answer. */
  readonly words: string;
}

/** A client of HighLevel's with nothing changed but its base URL. */
export interface GatewayClient {
  readonly getContact: (id: string) => Promise<Seen>;
  readonly createContact: (body: NewContact) => Promise<Seen>;
}

export interface NewContact {
  readonly locationId: string;
  readonly firstName: string;
  readonly email: string;
}

const VERSION = "2021-07-28";
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 240);

type Fields = Readonly<Record<string, unknown>>;
const contactId = (answer: unknown): string | undefined => {
  const id = ((answer as Fields | undefined)?.contact as Fields | undefined)?.id;
  return typeof id === "string" ? id : undefined;
};

function curl(baseUrl: string, token: string): GatewayClient {
  const request = async (path: string, more: readonly string[]): Promise<Seen> => {
    const headers = ["-H", `Authorization: Bearer ${token}`, "-H", `Version: ${VERSION}`];
    const args = ["-q", "--noproxy", "*", "--max-time", "30", "-sS", "-i", ...headers, ...more, baseUrl + path];
    const { status: exit, stdout, stderr } = await run("curl", args, ".");
    if (exit !== 0) throw new Error(`curl ended with ${exit}: ${stderr}`);
    const [head = "", body = ""] = stdout.split(/\r?\n\r?\n(.*)/s);
    const header = (name: string): string | undefined => new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1]?.trim();
    const status = Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1]);
    const retryAfter = header("retry-after");
    const words = `${header("content-type")}, Retry-After ${retryAfter ?? "none"}: ${oneLine(body)}`;
    return { status, words, retryAfter, id: status < 300 ? contactId(JSON.parse(body)) : undefined };
  };
  return {
    getContact: (id) => request(`/contacts/${id}`, []),
    createContact: (body) =>
      request("/contacts/", ["-H", "Content-Type: application/json", "--data", JSON.stringify(body)]),
  };
}

/** Members of the errors of HighLevel's SDK that are read. */
interface SdkError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly rateLimit?: object;
}

async function officialSdk(baseUrl: string, token: string): Promise<GatewayClient> {
  const { HighLevel } = await import("@gohighlevel/api-client");
  // 3.1.0 has no option for it: a static, read when a client is made
  Object.assign(HighLevel, { BASE_URL: baseUrl });
  const { contacts } = new HighLevel({ privateIntegrationToken: token, logLevel: "none" });
  const see = async (call: Promise<unknown>, success: number): Promise<Seen> => {
    try {
      const answer = await call;
      return { status: success, id: contactId(answer), words: oneLine(JSON.stringify(answer)) };
    } catch (error) {
      const { message, statusCode, code, rateLimit } = error as SdkError;
      const limits = rateLimit === undefined ? "" : `, rateLimit ${JSON.stringify(rateLimit)}`;
      const words = oneLine(`${(error as object).constructor.name} ${code}: ${message}${limits}`);
      return { status: statusCode ?? 0, words };
    }
  };
  return {
    getContact: (id) => see(contacts.getContact({ contactId: id }), 200),
    createContact: (body) => see(contacts.createContact(body), 201),
  };
}

async function gnosticdevSdk(baseUrl: string, token: string): Promise<GatewayClient> {
  const { createHighLevelClient } = await import("@gnosticdev/highlevel-sdk");
  const client = createHighLevelClient({ baseUrl }, "integration", { privateToken: token, accessType: "Sub-Account" });
  const header = { Authorization: `Bearer ${token}`, Version: VERSION } as const;
  const see = async (call: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<Seen> => {
    const { data, error, response } = await call;
    return { status: response.status, id: contactId(data), words: oneLine(JSON.stringify(data ?? { error })) };
  };
  return {
    getContact: (contactId) =>
      see(client.contacts.GET("/contacts/{contactId}", { params: { header, path: { contactId } } })),
    createContact: (body) => see(client.contacts.POST("/contacts/", { params: { header }, body })),
  };
}

/** Name → maker; the token is a key of the gateway. */
export const gatewayClients: Readonly<
  Record<string, (baseUrl: string, token: string) => GatewayClient | Promise<GatewayClient>>
> = { curl, "official SDK 3.1.0": officialSdk, "@gnosticdev SDK 3.0.1": gnosticdevSdk };
