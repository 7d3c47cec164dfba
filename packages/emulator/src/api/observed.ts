import { isObject } from "@ghl-edge/core";
import { createRandom } from "../core/random.ts";
import { type SampleOptions, sample } from "./sample.ts";
import { flat, type Schema, type Schemas } from "./schema.ts";

/**
 * Shape of recorded answers at one path, as the generated files hold it. A text lists the kinds alone, the most frequent
 * first: `o`bject, `a`rray, `s`tring, `d`ate-time, `n`umber, `b`oolean, `z` null. An object also names what is inside:
 * members by name, `[]` for items, and `""` for kinds other than the one that the members imply. `name?` is a member that an
 * answer has only if a client has set it.
 */
export type Observed = string | { readonly [name: string]: Observed };

export interface ObserveOptions extends SampleOptions {
  readonly seed: string;
  /**
   * Whether the answer shows a record. A member that only a client sets is then left out, and one that was set stays as
   * it is: an answer must not invent an e-mail address for a contact that has none.
   */
  readonly remembered: boolean;
}

/** A path in an answer, with what is known of it. */
interface AnswerPath {
  readonly observed: Observed;
  /** The document's schema of it; `undefined` where the document has none. */
  readonly schema: Schema | undefined;
  /** Id of the nearest record around it, and the way from there: a record gets the same values in every answer. */
  readonly key: string;
  /** Whether it is inside of a record. */
  readonly inRecord: boolean;
}

type Kind = "o" | "a" | "s" | "d" | "n" | "b" | "z";
type Fields = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Partial<Record<string, Schema>>> = {
  s: { type: "string" },
  d: { type: "string", format: "date-time" },
  n: { type: "number" },
  b: { type: "boolean" },
};

function kindsOf(observed: Observed): string {
  if (typeof observed === "string") return observed;
  const { "": kinds } = observed;
  return typeof kinds === "string" ? kinds : "[]" in observed ? "a" : "o";
}

function kindOf(value: unknown): Kind {
  if (value === null) return "z";
  if (Array.isArray(value)) return "a";
  switch (typeof value) {
    case "string":
      return "s";
    case "number":
      return "n";
    case "boolean":
      return "b";
    default:
      return "o";
  }
}

/** Whether a value is of a kind that was seen. Null alone says that nobody had filled the member in, and forbids no kind. */
function isSeen(value: unknown, kinds: string): boolean {
  const kind = kindOf(value);
  return kinds === "z" || kinds.includes(kind) || (kind === "s" && kinds.includes("d"));
}

interface Member {
  readonly name: string;
  readonly observed: Observed;
  /** It comes only if somebody has set it. */
  readonly isSometimes: boolean;
}

function membersOf(observed: Observed): readonly Member[] {
  if (typeof observed === "string") return [];
  return Object.entries(observed)
    .filter(([name]) => name !== "" && name !== "[]" && name !== "*")
    .map(([name, member]) => {
      const isSometimes = name.endsWith("?");
      return { name: isSometimes ? name.slice(0, -1) : name, observed: member, isSometimes };
    });
}

/** A schema of the kinds that were seen most often, so that the sampler makes what no document describes. */
function schemaOf(observed: Observed): Schema {
  const [kind = "o"] = kindsOf(observed);
  if (kind === "o") return objectOf(membersOf(observed).map((one) => [one.name, schemaOf(one.observed)]));
  if (kind !== "a") return SCALARS[kind] ?? { type: "null" };
  const item = typeof observed === "string" ? undefined : observed["[]"];
  return item === undefined ? { type: "array", maxItems: 0 } : { type: "array", items: schemaOf(item) };
}

function objectOf(members: readonly (readonly [name: string, schema: Schema])[]): Schema {
  return { type: "object", required: members.map(([name]) => name), properties: Object.fromEntries(members) };
}

/** The first answer to a question about a schema or one of its alternatives. */
function ask(
  schema: Schema | undefined,
  schemas: Schemas,
  question: (schema: Schema) => Schema | undefined,
): Schema | undefined {
  if (schema === undefined) return undefined;
  const own = flat(schema, schemas);
  const alternatives = own.anyOf ?? own.oneOf ?? [];
  return question(own) ?? alternatives.map((one) => ask(one, schemas, question)).find((found) => found !== undefined);
}

/** Returns the path of a member. */
function memberPath(outer: AnswerPath, { name, observed }: Member, schemas: Schemas): AnswerPath {
  const schema = ask(outer.schema, schemas, ({ properties }) => properties?.[name]);
  return { ...outer, observed, schema, key: `${outer.key} ${name}` };
}

/** `firstNameLowerCase` and the like repeat another member of the same record. */
function repeated(name: string, record: Fields): string | undefined {
  const base = /^(\w+)LowerCase$/.exec(name)?.[1];
  if (base === undefined) return undefined;
  const whole = [record.firstName, record.lastName].filter((part) => typeof part === "string").join(" ");
  const source = record[base] ?? (base === "fullName" ? whole : undefined);
  return typeof source === "string" ? source.toLowerCase() : "";
}

/** `contact` of a record with a `contactId` is that contact. */
function withItsId(name: string, made: unknown, record: Fields): unknown {
  const id = record[`${name}Id`];
  return isObject(made) && "id" in made && typeof id === "string" ? { ...made, id } : made;
}

/** Values of members that are missing: as the document describes them where that gives a kind that was seen. */
function make(missing: ReadonlyMap<string, AnswerPath>, key: string, options: ObserveOptions): Fields {
  const draw = (schemas: readonly (readonly [name: string, schema: Schema])[]): Fields => {
    const random = createRandom(`${options.seed} ${key}`);
    return sample(objectOf(schemas), { ...options, random }) as Fields;
  };
  const described = draw(
    [...missing].flatMap(([name, { schema }]) => (schema === undefined ? [] : [[name, schema] as const])),
  );
  const made: Record<string, unknown> = {};
  const others: (readonly [name: string, schema: Schema])[] = [];
  for (const [name, path] of missing) {
    const { observed } = path;
    const value = described[name];
    // A list that somebody has to fill is empty.
    if (options.remembered && kindsOf(observed).startsWith("a")) made[name] = [];
    else if (value === undefined || value === null || !isSeen(value, kindsOf(observed)))
      others.push([name, schemaOf(observed)]);
    // A value that is made here belongs to no record, so it has every member that was seen.
    else made[name] = look(value, path, { ...options, remembered: false });
  }
  return { ...made, ...draw(others) };
}

/** Members that every answer has around its records. A cursor is not among them, because it may have to be absent. */
const AROUND_RECORDS = /^(?:traceId|succee?ded|success)$/;

function fill(value: Fields, path: AnswerPath, options: ObserveOptions): Fields {
  const filled: Record<string, unknown> = { ...value };
  const id = filled.id ?? filled._id;
  const here = typeof id === "string" ? { ...path, key: id, inRecord: true } : path;
  const missing = new Map<string, AnswerPath>();
  for (const member of membersOf(path.observed)) {
    const { name, isSometimes } = member;
    const inside = memberPath(here, member, options.schemas);
    const comesByItself = here.inRecord ? !isSometimes : AROUND_RECORDS.test(name);
    if (filled[name] !== undefined) filled[name] = look(filled[name], inside, options);
    else if (!options.remembered || comesByItself) missing.set(name, inside);
  }
  if (missing.size === 0) return filled;
  const made = make(missing, here.key, options);
  for (const name of missing.keys()) filled[name] = withItsId(name, made[name], filled);
  for (const name of missing.keys()) filled[name] = repeated(name, filled) ?? filled[name];
  return filled;
}

function look(value: unknown, path: AnswerPath, options: ObserveOptions): unknown {
  const { observed, schema, key } = path;
  if (!isSeen(value, kindsOf(observed))) {
    const random = createRandom(`${options.seed} ${key}`);
    return options.remembered ? value : sample(schemaOf(observed), { ...options, random });
  }
  if (typeof observed === "string") return value;
  if (isObject(value)) return fill(value, path, options);
  const { "[]": item } = observed;
  if (!Array.isArray(value) || item === undefined) return value;
  const items = ask(schema, options.schemas, (one) => one.items);
  return value.map((one: unknown, index) =>
    look(one, { ...path, observed: item, schema: items, key: `${key} ${index}` }, options),
  );
}

/**
 * Gives an answer the members and kinds that recorded answers of the same operation have. What is there in a recorded
 * kind is kept; what is missing is sampled, by its schema where the document has one that fits, else by its name.
 *
 * @param schema - What the document says of the answer
 */
export function observe(
  value: unknown,
  { observed, schema }: { readonly observed: Observed; readonly schema: Schema | undefined },
  options: ObserveOptions,
): unknown {
  // Where no record around a member has an id, the request makes its value the same each time.
  const { subjectId: _record, ...rest } = options;
  return look(value, { observed, schema, key: options.random.text(8), inRecord: false }, rest);
}
