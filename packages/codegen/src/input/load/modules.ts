/** API generation: dated `Version` headers, or `Version: v3`. */
export type Api = "v2" | "v3";

/** Upstream v2 file names whose module has another name in v3. Both generations get the v3 name. */
const RENAMED: Readonly<Record<string, string>> = {
  "ad-manager": "ad-publishing",
  "saas-api": "saas",
  "social-media-posting": "social-planner",
};

export interface ModuleName {
  readonly api: Api;
  readonly module: string;
}

/** `apps/saas-api.json` → v2 saas, `apps/v3/saas-v3.json` → v3 saas; undefined for any other file. */
export function moduleOf(path: string): ModuleName | undefined {
  const v3 = /^apps\/v3\/([^/]+?)(?:-v3)?\.json$/.exec(path)?.[1];
  if (v3 !== undefined) return { api: "v3", module: v3 };
  const v2 = /^apps\/([^/]+)\.json$/.exec(path)?.[1];
  if (v2 !== undefined) return { api: "v2", module: RENAMED[v2] ?? v2 };
  return undefined;
}

/** Files with schemas that several documents share. */
export function isCommonFile(path: string): boolean {
  return /^(?:apps\/(?:v3\/)?)?common\/[^/]+\.json$/.test(path);
}
