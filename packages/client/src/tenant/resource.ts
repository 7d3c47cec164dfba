/** A location (sub-account) or a company (agency): what a token belongs to, and what a rate limit counts for. */
export interface Resource {
  readonly kind: "location" | "company";
  readonly id: string;
}
