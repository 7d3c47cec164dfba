/** Functions, constants and imports of source files, by name, so that a call can be followed into the function that it reaches. */
import { posix } from "node:path";
import { parseSync } from "oxc-parser";

/** Node of a syntax tree. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** Function or method with what its message can be made of. */
export interface FunctionNode {
  readonly name: string;
  readonly params: readonly Node[];
  readonly body: Node;
  readonly module: Module;
}

interface Import {
  readonly specifier: string;
  readonly name: string;
}

/** Constructor of a class, as far as it decides what the message of an error is. */
export interface Constructor {
  readonly params: readonly Node[];
  /** First argument of the call of `super`: the message. */
  readonly message: Node | undefined;
}

/** One parsed source file. */
export interface Module {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  readonly functions: ReadonlyMap<string, readonly FunctionNode[]>;
  readonly methods: ReadonlyMap<string, readonly FunctionNode[]>;
  /** Constructors by the name of their class. */
  readonly constructors: ReadonlyMap<string, Constructor>;
  /** Initial values of constants, by name. A name that is declared twice has none. */
  readonly constants: ReadonlyMap<string, Node | undefined>;
  readonly imports: ReadonlyMap<string, Import>;
}

/** Source files, and what packages have of a name. */
export interface ModuleIndex {
  readonly modules: ReadonlyMap<string, Module>;
  /** Methods by package and name: `packages/codegen fail`. */
  readonly methods: ReadonlyMap<string, readonly FunctionNode[]>;
  /** Modules of the package that others import by its name. */
  readonly core: readonly Module[];
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const CORE = "@ghl-edge/core";

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

/** Whether a node is a function, whose returns and parameters are its own. */
export const isFunction = (node: Node): boolean => FUNCTIONS.has(node.type);

/** A node and everything below it. `enter` decides whether to go below a node. */
export function* nodesOf(node: Node, enter: (node: Node) => boolean = () => true): Generator<Node> {
  yield node;
  if (!enter(node)) return;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesOf(child, enter);
}

/** Name of a key or an identifier; undefined for a computed one. */
export const nameOf = (node: Node | null | undefined): string | undefined =>
  (node?.name ?? node?.value) as string | undefined;

type Lists<Value> = Map<string, Value[]>;

function push<Value>(lists: Lists<Value>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function constructorOf({ params, body }: Node): Constructor {
  const call = [...nodesOf(body as Node)].find(
    (node) => node.type === "CallExpression" && (node.callee as Node).type === "Super",
  );
  return { params: params as readonly Node[], message: (call?.arguments as readonly Node[] | undefined)?.[0] };
}

/** Parses one source file. */
export function readModule(path: string, text: string): Module {
  const program = parseSync(path, text).program as unknown as Node;
  const functions: Lists<FunctionNode> = new Map();
  const methods: Lists<FunctionNode> = new Map();
  const constructors = new Map<string, Constructor>();
  const constants = new Map<string, Node | undefined>();
  const imports = new Map<string, Import>();
  const module: Module = { path, text, program, functions, methods, constructors, constants, imports };
  const add = (lists: Lists<FunctionNode>, key: Node | undefined, node: Node | null): void => {
    const name = nameOf(key);
    if (name === undefined || node === null || !isFunction(node) || !isNode(node.body)) return;
    push(lists, name, { name, params: node.params as readonly Node[], body: node.body, module });
  };
  for (const node of nodesOf(program)) {
    if (node.type === "FunctionDeclaration") add(functions, node.id as Node, node);
    if (node.type === "MethodDefinition" || node.type === "PropertyDefinition")
      add(methods, node.key as Node, node.value as Node | null);
    if (node.type === "ClassDeclaration") {
      const found = ((node.body as Node).body as readonly Node[]).find(({ kind }) => kind === "constructor");
      if (found !== undefined) constructors.set(nameOf(node.id as Node)!, constructorOf(found.value as Node));
    }
    if (node.type === "VariableDeclarator" && isNode(node.init)) {
      add(functions, node.id as Node, node.init);
      const name = nameOf(node.id as Node);
      if (name !== undefined) constants.set(name, constants.has(name) ? undefined : node.init);
    }
    if (node.type !== "ImportDeclaration") continue;
    const specifier = nameOf(node.source as Node)!;
    for (const part of node.specifiers as readonly Node[])
      imports.set(nameOf(part.local as Node)!, {
        specifier,
        name: nameOf(part.imported as Node | undefined) ?? "default",
      });
  }
  return module;
}

const unitOf = (path: string): string => path.split("/").slice(0, 2).join("/");

/** Parses source files. */
export function indexModules(files: Iterable<readonly [path: string, text: string]>): ModuleIndex {
  const modules = new Map([...files].map(([path, text]) => [path, readModule(path, text)] as const));
  const methods: Lists<FunctionNode> = new Map();
  for (const module of modules.values())
    for (const [name, list] of module.methods)
      for (const method of list) push(methods, `${unitOf(module.path)} ${name}`, method);
  const core = [...modules.values()].filter(({ path }) => path.startsWith("packages/core/src/"));
  return { modules, methods, core };
}

/** Modules that an imported name can come from, with its name there. */
function* sourcesOf(name: string, module: Module, index: ModuleIndex): Generator<readonly [Module, string]> {
  yield [module, name];
  const found = module.imports.get(name);
  if (found === undefined) return;
  const target = index.modules.get(posix.join(posix.dirname(module.path), found.specifier));
  for (const source of found.specifier === CORE ? index.core : target === undefined ? [] : [target])
    yield [source, found.name];
}

/** Functions that a call by name can reach: those of the module, else the imported one. */
export function functionsNamed(name: string, module: Module, index: ModuleIndex): readonly FunctionNode[] {
  for (const [source, own] of sourcesOf(name, module, index)) {
    const found = source.functions.get(own);
    if (found !== undefined) return found;
  }
  return [];
}

/** Methods that a call can reach: those of the module, else those of the package. */
export function methodsNamed(name: string, module: Module, index: ModuleIndex): readonly FunctionNode[] {
  return module.methods.get(name) ?? index.methods.get(`${unitOf(module.path)} ${name}`) ?? [];
}

/** Constructor of a class; undefined when it has none of its own, or is not among the sources. */
export function constructorNamed(name: string, module: Module, index: ModuleIndex): Constructor | undefined {
  for (const [source, own] of sourcesOf(name, module, index)) {
    const found = source.constructors.get(own);
    if (found !== undefined) return found;
  }
  return undefined;
}
