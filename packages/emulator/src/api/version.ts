import { type Refusal, versionMissing, versionUnknown } from "../core/errors.ts";

/** Values HighLevel's versioning page lists (2026); established paths take any of the dated ones. */
const DATED_VERSIONS: readonly string[] = ["2023-02-21", "2021-07-28", "2021-04-15"];

export type Generation = "v2" | "v3";

/** Reads the `Version` header, which every call but v2 `/oauth/token` needs. */
export function readVersion(
  headers: Headers,
): { readonly generation: Generation; readonly value: string } | { readonly refused: Refusal } {
  const value = headers.get("version");
  if (value === null || value === "") return { refused: versionMissing };
  if (value === "v3") return { generation: "v3", value };
  if (DATED_VERSIONS.includes(value)) return { generation: "v2", value };
  return { refused: versionUnknown(value) };
}
