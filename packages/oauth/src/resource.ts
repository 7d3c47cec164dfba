/** A location (sub-account) or a company (agency): what an installation and its tokens belong to. */
export interface Resource {
  readonly kind: "location" | "company";
  readonly id: string;
}
