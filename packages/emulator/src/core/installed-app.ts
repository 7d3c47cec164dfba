import type { Resource } from "@ghl-edge/core";

/** An app in a location or company. */
export interface InstalledApp {
  readonly clientId: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly installedAtMs: number;
  readonly bulk: boolean;
  /** Locations that were chosen in a bulk installation. */
  readonly approvedLocations?: readonly string[];
  /** Whether a bulk installation includes locations that are created later. */
  readonly future?: boolean;
}
