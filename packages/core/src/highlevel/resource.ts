/** Identifies a location (sub-account) or a company (agency). A token, an installation and a rate limit belong to one. */
export interface Resource {
  readonly kind: "location" | "company";
  /** HighLevel's id, the `locationId` or the `companyId`. */
  readonly id: string;
}
