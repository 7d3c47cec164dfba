/** Modules whose documents show most of their `id`s as MongoDB's (24 hexadecimal digits), not as 20 letters and digits. */
const MONGO_MODULES: ReadonlySet<string> = new Set([
  "affiliate-manager",
  "brand-boards",
  "invoices",
  "marketplace",
  "medias",
  "objects",
  "payments",
  "products",
  "saas",
  "social-planner",
  "store",
  "voice-ai",
]);

export function hasMongoIds(module: string): boolean {
  return MONGO_MODULES.has(module);
}
