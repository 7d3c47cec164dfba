import type { NamedModule } from "../../ir/type-names/named-module.ts";
import type { MethodText } from "./method.ts";

/** The pieces of which the two files of a module are made, so that two generations of it can be compared. */
export interface ClientTexts {
  readonly module: NamedModule;
  readonly methods: readonly MethodText[];
  /** Declaration of each named type, by name. */
  readonly types: ReadonlyMap<string, string>;
  /** Member of the `operations` interface, by the operation's id. */
  readonly operations: ReadonlyMap<string, string>;
  /** Members of the `webhooks` interface. */
  readonly webhooks: string;
  /** Declarations that the types turned out to need. */
  readonly footer: string;
}
