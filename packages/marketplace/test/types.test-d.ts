/** Compiled, never run: what the types let through and what they do not. */
import { createExternalAuthHandler, type ExternalAuthRequest, parseExternalAuth } from "../src/external-auth.ts";
import type { MarketplaceErrorCode } from "../src/index.ts";
import {
  type ChargeSnapshot,
  createPaymentQueryHandler,
  type PaymentQuery,
  type VerifyOutcome,
} from "../src/payments.ts";
import type { UserContext } from "../src/user-context.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
declare function holds<_T extends true>(): void;

holds<Equals<IsAny<PaymentQuery | UserContext | ExternalAuthRequest | MarketplaceErrorCode>, false>>();
holds<Equals<Extract<PaymentQuery, { type: "refund" }>["amount"], number>>();

createExternalAuthHandler({
  fields: ["apiKey"],
  verify: ({ fields }) => {
    holds<Equals<typeof fields.apiKey, string>>();
    return fields.apiKey === "x";
  },
});
// @ts-expect-error a promise of a boolean or a boolean, no object
createExternalAuthHandler({ verify: () => ({ valid: true }) });
// @ts-expect-error 203 is no success to HighLevel
createExternalAuthHandler({ verify: () => true, successStatus: 203 });

const { selection } = parseExternalAuth({ query: new URLSearchParams() });
// @ts-expect-error `all` has no list of locations
selection.locationIds;
if (selection.kind === "locations") holds<Equals<typeof selection.locationIds, readonly string[]>>();

const charge: ChargeSnapshot = { status: "succeeded", chargeId: "ch", amount: 1, chargedAt: 1 };
createPaymentQueryHandler({
  apiKeys: { live: "a", test: "b" },
  verify: (query, { merchant }) => {
    holds<Equals<typeof query.type, "verify">>();
    holds<Equals<typeof merchant, "live" | "test">>();
    return { status: "succeeded", chargeSnapshot: charge };
  },
  refund: ({ amount }) => ({ status: "succeeded", id: "re", amount, currency: "USD" }),
});
createPaymentQueryHandler<{ readonly id: number }>({
  merchantOf: async () => ({ id: 1 }),
  verify: (_query, { merchant }) => ({ status: merchant.id === 1 ? "succeeded" : "pending" }),
});
// @ts-expect-error without verify nothing could be paid
createPaymentQueryHandler({ apiKeys: { live: "a" } });
// @ts-expect-error either apiKeys or merchantOf
createPaymentQueryHandler({ verify: () => ({ status: "pending" }) });

// @ts-expect-error HighLevel would take an older guide's pending for paid
const slip: VerifyOutcome = { success: true, status: "pending" };
void slip;
