import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect } from "vitest";
import { createOAuthClient, type OAuthClient, type OAuthClientOptions } from "../../src/index.ts";

export const SECRETS = ["secret-of-the-app", "refresh-secret", "access-secret", "code-secret"];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export async function serve(
  answer: (seen: Seen, response: Parameters<RequestListener>[1]) => void,
  options: Partial<OAuthClientOptions> = {},
): Promise<{ client: OAuthClient; seen: Seen[]; baseUrl: string; stop: () => Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const entry = { method: request.method!, url: new URL(request.url!, "http://x"), headers: request.headers, body };
    seen.push(entry);
    answer(entry, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  closing.push(() => void stop());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: createOAuthClient({
      clientId: "0123456789abcdef01234567-abc",
      clientSecret: "secret-of-the-app",
      redirectUri: "https://app.test/cb",
      baseUrl,
      ...options,
    }),
    seen,
    baseUrl,
    stop,
  };
}

export const json = (response: Parameters<RequestListener>[1], status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};
export const tokens = {
  access_token: "access-secret",
  refresh_token: "refresh-secret",
  expires_in: 86399,
  userType: "Location",
  locationId: "l",
};

export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}
