import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { AuditEntry, Installation, Page } from "../../../src/domain/administration-model.ts";
import { admin, administer, codeOf } from "../../support/calls/admin.ts";
import { deliver, installFromMarketplace, installLocation, readContact } from "../../support/calls/gateway.ts";
import { APP, COMPANY, LOCATIONS, SCOPES } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(120, 130);
const next = (): string => locations.shift()!;
const NOTHING_PENDING = [409, "ERR_GHL_GATEWAY_NOTHING_PENDING"];

const pathOf = (location: string): string => `/admin/installations/${APP}/location/${location}`;
const look = (location: string) => administer<Installation>("GET", pathOf(location));
const approve = (location: string) => admin("POST", `${pathOf(location)}/approve`);
const grantOf = (location: string) => env.TOKEN_GRANT.getByName(`${APP}:location:${location}`);

async function installPending(location: string): Promise<void> {
  expect((await installFromMarketplace(location)).status).toBe(202);
}

async function pending(): Promise<string[]> {
  const { items } = await administer<Page<Installation>>("GET", "/admin/installations?state=pending&limit=200");
  return items.map(({ resource }) => resource.id);
}

/** Audit entries of a location, oldest first. */
async function auditOf(location: string): Promise<string[]> {
  const { items } = await administer<Page<AuditEntry>>("GET", "/admin/audit?limit=200");
  const lines = items.filter(({ target }) => target === `location:${location}`);
  return lines.map(({ actor, action }) => `${actor} ${action}`).reverse();
}

/** The object ends and is loaded from its storage. */
const restart = (location: string): Promise<void> => evictDurableObject(grantOf(location));

describe("an installation that is held", () => {
  it("a pending installation is listed with the scopes it requests, and becomes active by approval, once", async () => {
    const location = next();
    await installPending(location);
    expect(await pending()).toContain(location);
    expect(await look(location)).toMatchObject({ state: "pending", companyId: COMPANY, scopes: SCOPES });
    const approved = await approve(location);
    expect([approved.status, await approved.json()]).toMatchObject([200, { state: "active", scopes: SCOPES }]);
    expect((await readContact(location)).status).toBe(200);
    expect(await pending()).not.toContain(location);
    expect(await codeOf(await approve(location))).toEqual(NOTHING_PENDING);
    expect(await auditOf(location)).toEqual([
      "/oauth/callback installation.pending",
      "/oauth/callback installation.pending_approval",
      "admin-key:tests installation.approved",
      "admin-key:tests installation.installed",
    ]);
  });

  it("a pending installation is still pending after a restart, and an approved one is not", async () => {
    const location = next();
    await installPending(location);
    await restart(location);
    expect((await approve(location)).status).toBe(200);
    await restart(location);
    expect(await codeOf(await approve(location))).toEqual(NOTHING_PENDING);
    expect(await look(location)).toMatchObject({ state: "active" });
  });

  it("a pending installation does not end the active one: that stays active until the approval, and is in the audit", async () => {
    const location = next();
    await administer("PUT", `${pathOf(location)}/private-token`, { token: "pit-beside-pending" });
    await installPending(location);
    expect(await look(location)).toMatchObject({ state: "active", scopes: [] });
    expect(await auditOf(location)).toContain("/oauth/callback installation.pending_approval");
    const request = { app: APP, resource: { kind: "location", id: location }, acceptedTokenTypes: "any" } as const;
    expect(await grantOf(location).accessToken(request)).toMatchObject({ source: "private" });
    expect(await (await approve(location)).json()).toMatchObject({ state: "active", scopes: SCOPES });
    expect(await grantOf(location).accessToken(request)).toMatchObject({ source: "refreshable" });
  });

  it("a pending installation is void by an UNINSTALL that came after it, not by a late one", async () => {
    const location = next();
    await installPending(location);
    const uninstall = (atMs: number) =>
      deliver("UNINSTALL", { locationId: location, timestamp: new Date(atMs).toISOString() });
    await uninstall(Date.now() - 60_000);
    expect(await look(location)).toMatchObject({ state: "pending" });
    await uninstall(Date.now() + 2_000);
    expect(await look(location)).toMatchObject({ state: "uninstalled" });
    expect(await codeOf(await approve(location))).toEqual(NOTHING_PENDING);
  });

  it("a pending installation is void by an operator who removes the tokens, also over a restart", async () => {
    const location = next();
    await installPending(location);
    expect(await administer("DELETE", pathOf(location))).toMatchObject({ state: "uninstalled" });
    await restart(location);
    expect(await codeOf(await approve(location))).toEqual(NOTHING_PENDING);
    expect((await readContact(location)).status).toBe(404);
  });

  it("a pending installation is void by a newer installation, whose tokens no approval replaces", async () => {
    const location = next();
    await installPending(location);
    await installLocation(location);
    const { grant } = await grantOf(location).status();
    await restart(location);
    expect(await codeOf(await approve(location))).toEqual(NOTHING_PENDING);
    expect((await grantOf(location).status()).grant).toEqual(grant);
  });

  it("a pending installation is kept although the directory is away, which learns of it when an operator looks", async () => {
    const location = next();
    await env.DIRECTORY.prepare("ALTER TABLE installation RENAME TO installation_away").run();
    try {
      await installPending(location);
      expect(await codeOf(await approve(location))).toEqual([503, "ERR_GHL_GATEWAY_DIRECTORY_UNREACHABLE"]);
    } finally {
      await env.DIRECTORY.prepare("ALTER TABLE installation_away RENAME TO installation").run();
    }
    expect(await pending()).not.toContain(location);
    expect(await look(location)).toMatchObject({ state: "pending", scopes: SCOPES });
    expect((await approve(location)).status).toBe(200);
  });
});

describe("approval where there is nothing to approve", () => {
  it("an approval is refused for a location that nobody knows, and for one that only an INSTALL named", async () => {
    const [unknown, announced] = [next(), next()];
    expect(await codeOf(await approve(unknown))).toEqual(NOTHING_PENDING);
    await deliver("INSTALL", { locationId: announced, timestamp: new Date().toISOString() });
    expect(await pending()).toContain(announced);
    expect(await codeOf(await approve(announced))).toEqual(NOTHING_PENDING);
    expect((await auditOf(announced)).some((line) => line.includes("approved"))).toBe(false);
  });
});
