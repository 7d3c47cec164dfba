/** One operation and an argument for each of its parameters, as source text. */
export interface Operation {
  readonly module: string;
  readonly method: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly queryParameters: Readonly<Record<string, string>>;
  readonly headerParameters: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A way to call HighLevel with types, as an app that uses it. */
export interface TypedPeer {
  /** Folder of the app under `.work/apps`. */
  readonly id: string;
  readonly name: string;
  /**
   * Source of a module that makes four calls: get a contact, create one, list the calendars, get an opportunity. A line
   * `// typing` marks where a user goes on typing.
   */
  readonly fourCalls: string;
  /** The same four kinds of call to one module only, where that makes another bundle. */
  readonly fourCallsOneModule?: string;
  /** Text that the user types there: a fixed beginning, then letters one by one. */
  readonly typing: readonly { readonly before: string; readonly letters: string }[];
  /** Source of a module that makes all these calls; absent for a peer without them. */
  readonly everyCall?: (operations: readonly Operation[]) => Promise<string>;
  /** Folders or files of declarations to count `any` in. */
  readonly declarations: readonly string[];
}

/** `{ a: 1, b: "x" }` as source text. */
export const objectText = (members: Readonly<Record<string, string>>): string =>
  `{ ${Object.entries(members)
    .map(([name, value]) => `${JSON.stringify(name)}: ${value}`)
    .join(", ")} }`;

/** `ad-publishing` → `AdPublishing`. */
export const pascalCase = (module: string): string =>
  module.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
