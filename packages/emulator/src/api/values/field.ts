import type { Random } from "../../core/random.ts";
import type { Persona } from "./persona.ts";

/** One field that is written, as the rules see it. */
export interface Field {
  /** Name of the property; that of the list, for an item of a list of texts. */
  readonly name: string;
  /** Name of the property or schema that the field is a member of, `""` at the top. */
  readonly owner: string;
  /** Names of all members of that object. */
  readonly siblings: ReadonlySet<string>;
  readonly random: Random;
  /** The person and the times that the object is about, made at the first use. */
  readonly persona: () => Persona;
  /** Whether ids of this module are those of MongoDB, as its documents show them. */
  readonly mongoIds: boolean;
}

/** `welcomeMessage` → `welcome message`. */
export function words(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_\-.]+/g, " ")
    .trim()
    .toLowerCase();
}
