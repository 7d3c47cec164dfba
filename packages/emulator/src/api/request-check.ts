import type { Answer, Parameter } from "./answers.ts";
import { problems, type Spelling } from "./validate.ts";

/** The body of a request, as far as a server would read it. */
export interface ReadBody {
  /** Absent: no body, or one that is not for reading (multipart, binary). */
  readonly value?: unknown;
  readonly spelling: Spelling;
  /** The body says JSON and is none. */
  readonly malformed?: boolean;
}

export async function readBody(request: Request): Promise<ReadBody> {
  const type = request.headers.get("content-type") ?? "";
  const isForm = type.includes("application/x-www-form-urlencoded");
  if (request.body === null || (!isForm && !type.includes("json"))) return { spelling: "typed" };
  const text = new TextDecoder().decode(await request.arrayBuffer());
  if (text === "") return { spelling: "typed" };
  if (isForm) return { value: Object.fromEntries(new URLSearchParams(text)), spelling: "text" };
  try {
    return { value: JSON.parse(text), spelling: "typed" };
  } catch {
    return { spelling: "typed", malformed: true };
  }
}

function queryProblems(parameters: readonly Parameter[], query: URLSearchParams, answer: Answer): string[] {
  const found: string[] = [];
  const known = new Set<string>();
  for (const { name, required, schema } of parameters) {
    known.add(name);
    const all = [...query.getAll(name), ...query.getAll(`${name}[]`)];
    const [first] = all;
    const check = { schemas: answer.schemas, spelling: "text" } as const;
    if (first !== undefined) found.push(...problems(schema, { value: all.length > 1 ? all : first, name }, check));
    // A boolean's null fits no type: the words for it are those for a missing one
    else if (required)
      found.push(
        ...problems(
          { type: "object", required: [name], properties: { [name]: schema } },
          { value: {}, name: "" },
          check,
        ),
      );
  }
  // `a[]` and `a[b]` are ways to write a list or an object
  for (const name of new Set(query.keys()))
    if (!known.has(name.replace(/\[.*$/, ""))) found.push(`property ${name} should not exist`);
  return found;
}

/** Breaches of the document in query and body. The path is not checked: a route that matches has its parameters. */
export function checkRequest(answer: Answer, query: URLSearchParams, body: ReadBody): string[] {
  const found = queryProblems(
    answer.parameters.filter((parameter) => parameter.in === "query"),
    query,
    answer,
  );
  const { request, schemas } = answer;
  if (request === undefined || (request.media !== "application/json" && body.value === undefined)) return found;
  const given = body.value === undefined && request.required ? {} : body.value;
  if (given !== undefined)
    found.push(...problems(request.schema, { value: given, name: "" }, { schemas, spelling: body.spelling }));
  return found;
}
