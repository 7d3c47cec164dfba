/** One operation of the route table. */
export interface Route {
  /** Module as in the import path, e.g. `contacts`. */
  readonly module: string;
  /** API generation as in the import path, e.g. `v3`. */
  readonly api: string;
  /** Method name in the module's interface. */
  readonly name: string;
  readonly operationId: string;
  readonly method: string;
  /** Path template. */
  readonly path: string;
  /** `Version` header; `""`: the operation is called without one. */
  readonly version: string;
  /** Token types, as in `OperationRow.k`. */
  readonly tokens: string;
  /** Scopes, any of which is enough; empty: none known. */
  readonly scopes: readonly string[];
  readonly deprecated: boolean;
}

/** Unpacks the generated route table (format: head of `generated/routes.gen.ts`), sorted by path. */
export function unpackRoutes(groupLines: string, pathLines: string): Route[] {
  const groups = groupLines.split("\n").map((line) => {
    const [api = "", module = "", version = "", tokens = "", scopes = "", flags = ""] = line.split("\t");
    return { api, module, version, tokens, scopes: scopes === "" ? [] : scopes.split(","), deprecated: flags === "d" };
  });
  const routes: Route[] = [];
  let path = "";
  for (const line of pathLines.split("\n")) {
    const [head = "", ...fields] = line.split("\t");
    const space = head.indexOf(" ");
    path = path.slice(0, Number.parseInt(head, 36)) + head.slice(space + 1);
    for (let at = 0; at < fields.length; at += 4) {
      const [method = "", operationId = "", given = "", numbers = ""] = fields.slice(at, at + 4);
      const name =
        given === "" ? operationId.replace(/[-_]+([A-Za-z0-9])/g, (_, letter) => letter.toUpperCase()) : given;
      for (const number of numbers.split(" ")) {
        const group = groups[Number.parseInt(number, 36)];
        if (group !== undefined) routes.push({ ...group, name, operationId, method, path });
      }
    }
  }
  return routes;
}
