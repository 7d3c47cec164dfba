import {
  createWebhookHandler,
  type WebhookError,
  type WebhookHandler,
  type WebhookHandlerOptions,
} from "../../src/index.ts";
import { createTestSigner, type TestSigner } from "../../src/testing.ts";
import { now } from "../support.ts";

export const signer: TestSigner = await createTestSigner();

interface Recording {
  readonly ran: string[];
  readonly errors: WebhookError[];
  readonly handler: WebhookHandler<readonly unknown[]>;
}

/** Creates a handler that records which functions ran and which errors were reported. */
export function recording(options: WebhookHandlerOptions = {}): Recording {
  const ran: string[] = [];
  const errors: WebhookError[] = [];
  const handler = createWebhookHandler({
    keys: [signer.publicKey],
    now,
    on: { ContactCreate: (event) => void ran.push(`ContactCreate ${event.id}`) },
    onEvent: ({ name }) => void ran.push(`event ${name}`),
    onUnknown: ({ reason }) => void ran.push(`unknown ${reason}`),
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { ran, errors, handler };
}

export const contact = (fields: Readonly<Record<string, unknown>> = {}): Promise<Request> =>
  signer.request("ContactCreate", { now, fields });
export const post = (body: string, headers: Record<string, string> = {}): Request =>
  new Request("https://receiver.example/", { method: "POST", body, headers });
interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

export const answer = async (response: Response): Promise<Answer> => ({
  status: response.status,
  type: response.headers.get("content-type"),
  body: (await response.json()) as Record<string, unknown>,
});

export const handlerAnswer = async (
  handler: (request: Request) => Promise<Response>,
  request: Request,
): Promise<Answer["body"]> => (await answer(await handler(request))).body;

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function deferred(): Deferred {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
