import * as v from "valibot";
import { defineAction } from "../action.ts";
import {
  approveInstallation,
  currentInstallation,
  putPrivateToken,
  retryInstallation,
  uninstall,
} from "../installations.ts";
import {
  described,
  installationEntries,
  installationRef,
  key,
  optionalText,
  optionalTimeMs,
  pageEntries,
  pageOf,
  resource,
  resourceKind,
  textOut,
  timeMs,
} from "../schema.ts";
import { invalid } from "../shared.ts";
import { installationState } from "./apps.ts";

const problem = v.strictObject({
  code: described(textOut, "Stable code of the HighLevel answer that caused the problem."),
  atMs: timeMs,
});
const installation = v.strictObject({
  app: textOut,
  resource,
  companyId: optionalText,
  state: installationState,
  scopes: v.array(textOut),
  lastProblem: described(v.nullable(problem), "Problem of the tokens at the last check. Null: there was none."),
  installedAtMs: timeMs,
  changedAtMs: timeMs,
});
const installationPage = pageOf(installation);
const rotation = v.strictObject({
  createdAtMs: timeMs,
  remindAtMs: timeMs,
  rotateAtMs: timeMs,
  due: described(v.boolean(), "Whether it is time to rotate the token."),
  previousValidUntilMs: described(
    optionalTimeMs,
    "Time until which the previous token is used when HighLevel refuses the new one, in milliseconds since 1970.",
  ),
});
const reauthLink = v.strictObject({ url: v.pipe(v.string(), v.url()) });

const TOKEN = "a text of 8 to 4096 printable characters without spaces";
/** A token of HighLevel's that a header can carry. */
const token = v.pipe(
  v.string(TOKEN),
  v.minLength(8, TOKEN),
  v.maxLength(4096, TOKEN),
  v.regex(/^[\x21-\x7e]*$/, TOKEN),
);
const ORIGIN = "an http(s) origin";
const origin = v.pipe(v.string(ORIGIN), v.regex(/^https?:\/\/[^/?#@\s]+$/, ORIGIN));

export const installationSchemas = {
  Installation: installation,
  InstallationProblem: problem,
  InstallationPage: installationPage,
  PrivateTokenRotation: rotation,
  ReauthLink: reauthLink,
};

export const installationActions = {
  listInstallations: defineAction({
    tag: "installations",
    summary: "Lists installations, ordered by app, kind and id.",
    role: "viewer",
    http: { method: "get", path: "/admin/installations" },
    input: v.strictObject({
      app: v.optional(key),
      kind: v.optional(resourceKind),
      state: v.optional(installationState),
      companyId: v.optional(described(key, "Id of a company. It selects the company and its locations.")),
      ...pageEntries,
    }),
    output: installationPage,
    run: ({ directory }, input) => directory.installations.list(input),
  }),
  getInstallation: defineAction({
    tag: "installations",
    summary: "Returns one installation with the present state of its tokens.",
    role: "viewer",
    http: { method: "get", path: "/admin/installations/{app}/{kind}/{id}" },
    input: v.strictObject(installationEntries),
    output: installation,
    run: (context, input) => currentInstallation(context, installationRef(input)),
  }),
  uninstall: defineAction({
    tag: "installations",
    summary:
      "Removes the tokens of an installation, and those derived from a company's. At HighLevel the app stays installed, unless atHighLevel is true.",
    role: "admin",
    http: { method: "delete", path: "/admin/installations/{app}/{kind}/{id}" },
    input: v.strictObject({
      ...installationEntries,
      atHighLevel: v.optional(described(v.boolean(), "Whether to uninstall the app at HighLevel first."), false),
    }),
    output: installation,
    run: (context, { atHighLevel, ...input }) => uninstall(context, installationRef(input), atHighLevel),
  }),
  approveInstallation: defineAction({
    tag: "installations",
    summary: "Approves a pending installation that began in the marketplace. It becomes active.",
    role: "admin",
    http: { method: "post", path: "/admin/installations/{app}/{kind}/{id}/approve" },
    input: v.strictObject(installationEntries),
    output: installation,
    run: (context, input) => approveInstallation(context, installationRef(input)),
  }),
  retryInstallation: defineAction({
    tag: "installations",
    summary:
      "Tries now to renew the tokens of an installation that has a problem. A grant that needs reauthorization gets one more attempt.",
    role: "admin",
    http: { method: "post", path: "/admin/installations/{app}/{kind}/{id}/retry" },
    input: v.strictObject(installationEntries),
    output: installation,
    run: (context, input) => retryInstallation(context, installationRef(input)),
  }),
  putPrivateToken: defineAction({
    tag: "installations",
    summary:
      "Stores a private integration token. The previous one is used for 7 more days where HighLevel refuses the new one.",
    role: "admin",
    http: { method: "put", path: "/admin/installations/{app}/{kind}/{id}/private-token", body: "PrivateToken" },
    input: v.strictObject({ ...installationEntries, token }),
    output: rotation,
    run: (context, input) => putPrivateToken(context, installationRef(input), input.token),
  }),
  getReauthLink: defineAction({
    tag: "installations",
    summary: "Returns the link at which a user of the location or company authorizes the app again.",
    role: "viewer",
    http: { method: "get", path: "/admin/installations/{app}/{kind}/{id}/reauth-link" },
    input: v.strictObject({
      ...installationEntries,
      origin: v.optional(
        described(
          origin,
          "Origin of the link. Default: the origin of the request. A call over a service binding has none and must name one.",
        ),
      ),
    }),
    output: reauthLink,
    async run(context, input) {
      const base = input.origin ?? context.origin;
      if (base === undefined) throw invalid(`origin must be ${ORIGIN} where a binding asks, got undefined`);
      const { app } = await currentInstallation(context, installationRef(input));
      const url = new URL("/oauth/install", base);
      url.searchParams.set("app", app);
      return { url: url.href };
    },
  }),
};
