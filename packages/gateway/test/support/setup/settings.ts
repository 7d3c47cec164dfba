/** The tests in the Worker and the emulator outside of it share these values. They are not secrets: they give access to nothing. */
export const UPSTREAM = "https://upstream.test";
/** Tests control the emulator at this origin. It runs in Node, behind the Worker's outbound fetch. */
export const CONTROL = "https://control.test";
export const GATEWAY = "https://gateway.test";
export const API_KEY = "gateway-test-key-0000000000000000";
export const APP = "main";
export const CLIENT_ID = "65f0c0ffee65f0c0ffee65f0-emulator";
export const CLIENT_SECRET = "emulator-client-secret";
/** An app beside it in the same deployment, with a key of its own and limits that no test reaches. */
export const WIDE_APP = "wide";
export const WIDE_CLIENT_ID = "65f0c0ffee65f0c0ffee65f1-emulator";
export const WIDE_API_KEY = "gateway-test-key-1111111111111111";
/** That app also takes the signatures that are off by default. */
export const HMAC_SECRET = "gateway-test-hmac-secret";
export const WIDE_LIMITS = { burst: 5_000, intervalMs: 10_000 };
/** An app whose limits are reached within a second, without an OAuth client at HighLevel. */
export const SMALL_APP = "small";
export const SMALL_CLIENT_ID = "65f0c0ffee65f0c0ffee65f2-emulator";
export const SMALL_API_KEY = "gateway-test-key-2222222222222222";
export const SMALL_LIMITS = { burst: 20, intervalMs: 1_000 };
export const COMPANY = "cOmPaNy00000000000001";
export const SCOPES = [
  "contacts.readonly",
  "contacts.write",
  "locations.readonly",
  "medias.write",
  "oauth.readonly",
  "oauth.write",
];
export const locationIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `lOcAtIoN${String(index).padStart(12, "0")}`);
/** Each test file takes locations of its own, so that files may run beside each other. */
export const LOCATIONS = locationIds(340);
export const ADMIN_KEY = "gateway-admin-key-000000000000000";
/** A team of Cloudflare Access, outside the Worker too. */
export const ACCESS_TEAM = "https://access.test";
export const ACCESS_AUDIENCE = "4714c1358e65fe4b408ad6d432a5f878";
/** Origin of the endpoints: every path is an endpoint of its own. */
export const DESTINATION = "https://hooks.destination.dev";
/** The marketplace settings of the first app. The other app has payments alone, by a bound Worker. */
export const SHARED_SECRET = "gateway-test-shared-secret";
export const CALLBACK_SECRET = "whsec_YXNrLXNlY3JldC1vZi10aGUtdGVzdHMtMDAwMDAwMDA=";
export const PAYMENT_KEYS = { live: "gateway-test-payment-live", test: "gateway-test-payment-test" };
export const BILLING_PAGE = "https://pay.destination.dev/start?from=gateway";
/** Paths of the first app's backend callbacks. */
export const CALLBACK_PATHS = { externalAuth: "/callbacks/external-auth", payments: "/callbacks/payments" };
export const MARKETPLACE = {
  userContext: { sharedSecrets: [SHARED_SECRET, "the-one-before"] },
  externalAuth: {
    callback: { url: DESTINATION + CALLBACK_PATHS.externalAuth, secret: CALLBACK_SECRET },
    headers: ["X-Api-Key"],
  },
  payments: {
    callback: { url: DESTINATION + CALLBACK_PATHS.payments, secret: CALLBACK_SECRET },
    apiKeys: PAYMENT_KEYS,
  },
  billing: { page: BILLING_PAGE },
};
export const WIDE_MARKETPLACE = {
  payments: { callback: { service: "TESTS", secret: CALLBACK_SECRET }, apiKeys: { live: PAYMENT_KEYS.live } },
};
/** Seals what the tests store. */
export const TOKEN_KEY_ID = "k1";
export const TOKEN_KEY = "dGhlIGtleSBvZiB0aGUgZ2F0ZXdheSdzIHRlc3RzIC0=";
