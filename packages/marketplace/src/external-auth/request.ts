/** Sub-accounts for which the app is being installed. */
export type LocationSelection =
  /** The listed locations. */
  | { readonly kind: "locations"; readonly locationIds: readonly string[] }
  /** All locations of the company. */
  | { readonly kind: "all" }
  /** All locations of the company except the listed ones. */
  | { readonly kind: "all-except"; readonly excludedLocationIds: readonly string[] }
  /** No location: the app is for the company itself. */
  | { readonly kind: "none" };

/** Request of HighLevel when a user installs the app. `Field` are the keys of the fields in the portal. */
export interface ExternalAuthRequest<Field extends string = string> {
  /** Id of the installing agency; absent when a sub-account installs. */
  readonly companyId?: string;
  /** Sub-accounts for which the app is being installed. */
  readonly selection: LocationSelection;
  /** The credentials that the user entered. Never log them. */
  readonly fields: Readonly<Record<Field, string>> & Readonly<Record<string, string>>;
}

/**
 * Returns whether a selection includes a location of the company.
 *
 * @param selection - The selection of the request
 * @param locationId - The location's id
 * @returns Whether the app is being installed for the location
 * @example
 * ```ts
 * import { selectionIncludes } from "@ghl-edge/marketplace/external-auth";
 *
 * console.log(selectionIncludes({ kind: "all-except", excludedLocationIds: ["l1"] }, "l2")); // true
 * ```
 */
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
