import type { Resource } from "./emulator-options.ts";

/** An app in a location or company. */
export interface InstalledApp {
  readonly clientId: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly installedAtMs: number;
  readonly bulk: boolean;
  /** Of a bulk installation: the locations that were chosen. */
  readonly approvedLocations?: readonly string[];
  /** Of a bulk installation: whether locations that are made later are of it too. */
  readonly future?: boolean;
}
