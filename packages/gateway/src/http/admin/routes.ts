/** Every route of the admin API. */
import {
  invalid,
  KINDS,
  readChoice,
  readMembers,
  readResources,
  readText,
  readToken,
} from "../../services/administration/input.ts";
import { endpointRoutes } from "./endpoint-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { readBody, readFlag, readPage, readRef, readState } from "./input.ts";
import { repairRoutes } from "./repair-routes.ts";
import type { AdminRoute } from "./route.ts";
import { tokenKeyRoutes } from "./token-key-routes.ts";
import { workflowRoutes } from "./workflow-routes.ts";

const ROLES = ["viewer", "admin"] as const;

const installationRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/installations",
    operationId: "listInstallations",
    tag: "installations",
    summary: "Installations, by app, kind and id.",
    role: "viewer",
    query: ["app", "kind", "state", "companyId", "limit", "cursor"],
    status: 200,
    answer: "InstallationPage",
    handle: (admin, c) =>
      admin.installations({
        ...readPage(c),
        app: c.req.query("app"),
        kind: readChoice("kind", c.req.query("kind"), KINDS),
        state: readState(c),
        companyId: c.req.query("companyId"),
      }),
  },
  {
    method: "get",
    path: "/admin/installations/{app}/{kind}/{id}",
    operationId: "getInstallation",
    tag: "installations",
    summary: "One installation, as its tokens are now.",
    role: "viewer",
    status: 200,
    answer: "Installation",
    handle: (admin, c) => admin.installation(readRef(c)),
  },
  {
    method: "delete",
    path: "/admin/installations/{app}/{kind}/{id}",
    operationId: "uninstall",
    tag: "installations",
    summary:
      "Forgets the tokens, and those minted from a company's. HighLevel keeps the app installed, unless atHighLevel has it uninstalled there first.",
    role: "admin",
    query: ["atHighLevel"],
    status: 200,
    answer: "Installation",
    handle: (admin, c) => admin.uninstall(readRef(c), readFlag(c, "atHighLevel")),
  },
  {
    method: "post",
    path: "/admin/installations/{app}/{kind}/{id}/approve",
    operationId: "approveInstallation",
    tag: "installations",
    summary: "Approves an installation that began in the marketplace: pending becomes active.",
    role: "admin",
    status: 200,
    answer: "Installation",
    handle: (admin, c) => admin.approve(readRef(c)),
  },
  {
    method: "post",
    path: "/admin/installations/{app}/{kind}/{id}/retry",
    operationId: "retryInstallation",
    tag: "installations",
    summary: "Has the renewal of its tokens tried now where it is in trouble. A dead grant gets one more chance.",
    role: "admin",
    status: 200,
    answer: "Installation",
    handle: (admin, c) => admin.retry(readRef(c)),
  },
  {
    method: "put",
    path: "/admin/installations/{app}/{kind}/{id}/private-token",
    operationId: "putPrivateToken",
    tag: "installations",
    summary: "Stores a private integration token; the one before is used for 7 more days where the new one is refused.",
    role: "admin",
    body: "PrivateToken",
    status: 200,
    answer: "PrivateTokenRotation",
    async handle(admin, c) {
      const ref = readRef(c);
      const { token } = await readBody(c);
      const { createdAtMs, remindAtMs, rotateAtMs, due, previousValidUntilMs } = await admin.keepPrivateToken(
        ref,
        readToken(token),
      );
      return { createdAtMs, remindAtMs, rotateAtMs, due, previousValidUntilMs: previousValidUntilMs ?? null };
    },
  },
  {
    method: "get",
    path: "/admin/installations/{app}/{kind}/{id}/reauth-link",
    operationId: "getReauthLink",
    tag: "installations",
    summary: "The link at which a user of the location or company authorizes the app anew.",
    role: "viewer",
    status: 200,
    answer: "ReauthLink",
    handle: async (admin, c) => {
      const { app } = await admin.installation(readRef(c));
      const url = new URL("/oauth/install", c.req.url);
      url.searchParams.set("app", app);
      return { url: url.href };
    },
  },
];

const apiKeyRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/api-keys",
    operationId: "listApiKeys",
    tag: "apiKeys",
    summary: "API keys of the directory, revoked ones too.",
    role: "viewer",
    query: ["app", "limit", "cursor"],
    status: 200,
    answer: "ApiKeyPage",
    handle: (admin, c) => admin.apiKeys({ ...readPage(c), app: c.req.query("app") }),
  },
  {
    method: "post",
    path: "/admin/api-keys",
    operationId: "createApiKey",
    tag: "apiKeys",
    summary: "Makes an API key and shows it once.",
    role: "admin",
    body: "NewApiKey",
    status: 201,
    answer: "CreatedApiKey",
    async handle(admin, c) {
      const members = ["name", "app", "access", "resources"];
      const { name, app, access, resources } = readMembers("an API key", await readBody(c), members);
      return admin.createApiKey({
        name: readText("name", name, 100),
        app: readText("app", app, 32),
        access: readChoice("access", access, ["read", "write"]) ?? "read",
        resources: readResources(resources),
      });
    },
  },
  {
    method: "delete",
    path: "/admin/api-keys/{id}",
    operationId: "revokeApiKey",
    tag: "apiKeys",
    summary: "Ends a key. It may open for 30 s more where it was just used.",
    role: "admin",
    status: 200,
    answer: "ApiKey",
    handle: (admin, c) => admin.revokeApiKey(c.req.param("id") ?? ""),
  },
];

const operatorRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/operators",
    operationId: "listOperators",
    tag: "operators",
    summary: "Whom the directory gives a role.",
    role: "viewer",
    status: 200,
    answer: "OperatorList",
    handle: async (admin) => ({ items: await admin.operators() }),
  },
  {
    method: "put",
    path: "/admin/operators/{name}",
    operationId: "putOperator",
    tag: "operators",
    summary:
      "Gives an operator a role, by e-mail address or name of the service token: 1 to 254 characters of ASCII, without case.",
    role: "admin",
    body: "OperatorRole",
    status: 200,
    answer: "Operator",
    async handle(admin, c) {
      const role = readChoice("role", (await readBody(c)).role, ROLES);
      if (role === undefined) throw invalid(`role is one of ${ROLES.join(", ")}`);
      return admin.putOperator(c.req.param("name") ?? "", role);
    },
  },
  {
    method: "delete",
    path: "/admin/operators/{name}",
    operationId: "removeOperator",
    tag: "operators",
    summary: "Takes an operator's role away.",
    role: "admin",
    status: 204,
    handle: (admin, c) => admin.removeOperator(c.req.param("name") ?? ""),
  },
];

export const adminRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/apps",
    operationId: "listApps",
    tag: "apps",
    summary: "The apps of this deployment.",
    role: "viewer",
    status: 200,
    answer: "AppList",
    handle: async (admin) => ({ items: await admin.apps() }),
  },
  ...installationRoutes,
  ...apiKeyRoutes,
  ...operatorRoutes,
  ...endpointRoutes,
  ...eventRoutes,
  ...workflowRoutes,
  ...repairRoutes,
  ...tokenKeyRoutes,
  {
    method: "get",
    path: "/admin/audit",
    operationId: "listAudit",
    tag: "audit",
    summary: "Who changed what, newest first.",
    role: "viewer",
    query: ["app", "limit", "cursor"],
    status: 200,
    answer: "AuditPage",
    handle: (admin, c) => admin.audit({ ...readPage(c), app: c.req.query("app") }),
  },
];
