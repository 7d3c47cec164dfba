/**
 * HighLevel's public key for `X-GHL-Signature` (Ed25519, SPKI base64). The whole platform has one key. HighLevel announces a change by
 * email. SHA-256 of the DER: 5a2c1b2749d3efcc233fb27d4ab43d56b8d20818c42cd226f6c9a3ff20d3097c.
 * @see https://marketplace.gohighlevel.com/docs/webhook/ProviderOutboundMessage (read 2026-08-30)
 */
export const HIGHLEVEL_PUBLIC_KEY: string = "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=";

/**
 * HighLevel's former public key for `X-WH-Signature` (RSA, 4096 bit, SPKI base64), which HighLevel has not sent since 2026-09-01. Use it
 * for captures of old deliveries. SHA-256 of the DER: 2f62045d413b1b7747e26770ce7f57840cbf86288cd20ceb90d299a62501fd25.
 * @see https://github.com/GoHighLevel/highlevel-api-docs/blob/main/docs/oauth/WebhookAuthentication.md (read 2026-06-19)
 */
export const HIGHLEVEL_LEGACY_RSA_PUBLIC_KEY: string = /* @__PURE__ */ [
  "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSC",
  "Frm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIcBOK4u3cLSqJGOLaPuXw6",
  "dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfB",
  "csedpinheNnyYeFXolrJvcsjDtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpv",
  "uxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF",
  "3kvoV5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKU",
  "J062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xkx2zE/Juc+yjLjTXp",
  "IocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzN",
  "h/AMfHKIjE4xQA1SZuYJmNnmVZLIZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhC",
  "HULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJ",
  "PQe7z0cvj7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAyk",
  "T1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==",
].join("");
