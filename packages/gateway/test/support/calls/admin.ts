import { expect } from "vitest";
import type { Page } from "../../../src/domain/administration-model.ts";
import type { SignRequest } from "../setup/access-team.ts";
import { ACCESS_AUDIENCE, ACCESS_TEAM, ADMIN_KEY } from "../setup/settings.ts";
import { call } from "./gateway.ts";

export const adminKeyed = { authorization: `Bearer ${ADMIN_KEY}` };

/** A request to the admin API; a body goes as JSON. */
export function admin(
  method: string,
  path: string,
  { body, headers = adminKeyed }: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { "content-type": "application/json" };
  return call(path, { method, headers: { ...headers, ...type }, ...sent });
}

/** The answer of a request that has to succeed. */
export async function administer<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await admin(method, path, { body });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return JSON.parse(text) as Answer;
}

/** All pages of a list. */
export async function all<Item>(path: string, limit?: number): Promise<{ items: Item[]; pages: number }> {
  const items: Item[] = [];
  for (let cursor = "", pages = 1; ; pages++) {
    const size = limit === undefined ? "" : `limit=${limit}`;
    const page = await administer<Page<Item>>("GET", `${path}${size}${cursor}`);
    items.push(...page.items);
    if (page.nextCursor === null) return { items, pages };
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

export async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

async function control<Answer>(path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  return (await (await fetch(ACCESS_TEAM + path, init)).json()) as Answer;
}

/** The team of Cloudflare Access behind the tests. */
export const team = {
  fetches: () => control<number>("/fetches"),
  setBroken: (broken: boolean) => control<boolean>("/break", broken),
  /** A token as Access would put it on: valid, but for what `claims` says otherwise. */
  async token(claims: Record<string, unknown>, how: Omit<SignRequest, "claims"> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const valid = { iss: ACCESS_TEAM, aud: [ACCESS_AUDIENCE], iat: now, nbf: now, exp: now + 300 };
    return control<string>("/sign", { claims: { ...valid, ...claims }, ...how });
  },
};

export function asOperator(token: string): Record<string, string> {
  return { "cf-access-jwt-assertion": token };
}
