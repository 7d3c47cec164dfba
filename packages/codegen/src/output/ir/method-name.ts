import type { JsonObject } from "../../json/json.ts";

const WORDS = /[\p{L}\p{M}\p{N}]+/gu;

/** `get-contact`, `Get_Contact`, `getContact` → `getContact`. Capitals inside a word stay. */
export function camelCase(id: string): string {
  const words = id.match(WORDS) ?? [];
  return words.map((word, index) => (index === 0 ? lowerHead(word) : upperFirst(word))).join("");
}

/** `ad-publishing` → `AdPublishing`. What an identifier cannot begin with has `prefix` before it. */
export function pascalCase(id: string, prefix = "Api"): string {
  const name = (id.match(WORDS) ?? []).map(upperFirst).join("");
  return /^\p{L}/u.test(name) ? name : `${prefix}${name}`;
}

/** `getContact` and `get-contact` → `get-contact`, as the documentation pages are named. */
export function kebabCase(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
}

/** Name of an operation without an operationId: `GET /pets/{petId}/toys` → `getPetsByPetIdToys`. */
export function nameFromPath(method: string, path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  return camelCase(
    `${method.toLowerCase()} ${parts.map((part) => part.replace(/\{/g, " by ").replace(/\}/g, " ")).join(" ")}`,
  );
}

/** Names that every object has. A member `then` would make the object of the methods look like a promise. */
const TAKEN = new Set([...Object.getOwnPropertyNames(Object.prototype), "then"]);

/** Returns the method's name in the client: its `x-method-name`, its operationId, or its method and path. */
export function methodName(operation: JsonObject, method: string, path: string): string {
  if (typeof operation["x-method-name"] === "string") return operation["x-method-name"];
  const name = typeof operation.operationId === "string" ? camelCase(operation.operationId) : "";
  if (name === "" || TAKEN.has(name)) return nameFromPath(method, path);
  return /^\p{L}/u.test(name) ? name : `api${upperFirst(name)}`;
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `URLList` → `urlList`, `FBAds` → `fbAds`, `Contact` → `contact`. */
function lowerHead(word: string): string {
  return word.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (head) => head.toLowerCase());
}
