/**
 * Reads the body of an OAuth request. HighLevel's v2 document says form, its v3 document form or JSON with camelCase
 * names, the live page snake_case. A client may send any of them, so all are read. The first spelling that is set wins.
 */
export interface OAuthBody {
  get(snakeCaseName: string): string | undefined;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, initial: string) => initial.toUpperCase());
}

async function readFields(request: Request): Promise<Map<string, string>> {
  // `text()` would make workerd warn for a form.
  const text = new TextDecoder().decode(await request.arrayBuffer());
  const type = request.headers.get("content-type") ?? "";
  if (!type.includes("json")) return new Map(new URLSearchParams(text));
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return new Map();
    return new Map(Object.entries(parsed).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));
  } catch {
    return new Map();
  }
}

export async function readOAuthBody(request: Request): Promise<OAuthBody> {
  const fields = await readFields(request);
  return { get: (name) => fields.get(name) || fields.get(camelCase(name)) || undefined };
}
