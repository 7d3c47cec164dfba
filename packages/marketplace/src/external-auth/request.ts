/** For which sub-accounts the app is being installed. */
export type LocationSelection =
  /** These. */
  | { readonly kind: "locations"; readonly locationIds: readonly string[] }
  /** Every one of the company's. */
  | { readonly kind: "all" }
  /** Every one of the company's but these. */
  | { readonly kind: "all-except"; readonly excludedLocationIds: readonly string[] }
  /** None is named: the app is for the company itself. */
  | { readonly kind: "none" };

/** What HighLevel asks when a user installs the app. `Field`: the keys of the fields you configured in the portal. */
export interface ExternalAuthRequest<Field extends string = string> {
  /** Of the agency that installs; absent when a sub-account does. */
  readonly companyId?: string;
  readonly selection: LocationSelection;
  /** What the user entered: credentials. Never log them. */
  readonly fields: Readonly<Record<Field, string>> & Readonly<Record<string, string>>;
}

/** Whether the selection includes this location of the company's. */
export function selectionIncludes(selection: LocationSelection, locationId: string): boolean {
  switch (selection.kind) {
    case "locations":
      return selection.locationIds.includes(locationId);
    case "all":
      return true;
    case "all-except":
      return !selection.excludedLocationIds.includes(locationId);
    case "none":
      return false;
  }
}
