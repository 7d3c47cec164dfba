import { gnosticdevSdk } from "./gnosticdev-sdk.ts";
import { heyApi } from "./hey-api.ts";
import { officialSdk } from "./official-sdk.ts";
import { openapiFetchMerged, openapiFetchPerModule } from "./openapi-fetch.ts";
import { ours } from "./ours.ts";
import type { TypedPeer } from "./peer.ts";

/** Ours first, then what a user would take instead. */
export const typedPeers: readonly TypedPeer[] = [
  ours,
  openapiFetchPerModule,
  openapiFetchMerged,
  heyApi,
  officialSdk,
  gnosticdevSdk,
];
