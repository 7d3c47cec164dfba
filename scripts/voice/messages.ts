/** The messages that errors are made with, also through functions that make them. */
import {
  applied,
  calledBy,
  functionScope,
  moduleScope,
  type Scope,
  type Template,
  textOf,
  textsOf,
} from "./message-texts.ts";
import {
  constructorNamed,
  type FunctionNode,
  type Module,
  type ModuleIndex,
  type Node,
  nameOf,
  nodesOf,
} from "./module-index.ts";

/** One message of a source file; `{}` stands for what is put in. */
export interface Message {
  readonly line: number;
  readonly text: string;
  /** A sentence is part of the detail of a problem document: it begins with a capital and ends in a full stop. */
  readonly form: "message" | "sentence";
}

const MAX_DEPTH = 4;

const isErrorMade = ({ type, callee }: Node): boolean =>
  type === "NewExpression" && (callee as Node).type === "Identifier" && /Error$/.test(nameOf(callee as Node)!);

/** Finds the messages of errors in source files that it knows all of. */
export class MessageFinder {
  readonly #index: ModuleIndex;
  readonly #made = new Map<Node, readonly Template[]>();

  constructor(index: ModuleIndex) {
    this.#index = index;
  }

  /** All messages that a source file writes. */
  messagesOf(path: string): Message[] {
    const module = this.#index.modules.get(path);
    if (module === undefined) return [];
    const scope = moduleScope(module, this.#index);
    const found = new Map<string, Message>();
    const add = (node: Node, text: string, form: Message["form"]): void => {
      const line = module.text.slice(0, node.start).split("\n").length;
      found.set(`${line} ${text}`, { line, text, form });
    };
    for (const { node, inner } of scopedNodes(module, scope)) {
      if (isErrorMade(node)) {
        for (const template of firstTexts(node, inner)) {
          const text = textOf(template);
          const isSentence = (node.arguments as readonly Node[])[0]?.type === "ObjectExpression" && text.endsWith(".");
          add(node, text, isSentence ? "sentence" : "message");
        }
      } else if (node.type === "CallExpression") {
        for (const one of calledBy(node, inner))
          for (const template of applied(this.#templatesOf(one, 0), node, inner))
            if (isWritten(template, this.#templatesOf(one, 0))) add(node, textOf(template), "message");
      } else if (isProblemDocument(node)) {
        for (const template of textsOf(propertyOf(node, "detail"), inner)) add(node, textOf(template), "sentence");
      }
    }
    return [...found.values()].filter(({ text }) => /\s/.test(text));
  }

  /** What becomes of the arguments of a function in messages of errors. */
  #templatesOf(one: FunctionNode, depth: number): readonly Template[] {
    const known = this.#made.get(one.body);
    if (known !== undefined || depth >= MAX_DEPTH) return known ?? [];
    this.#made.set(one.body, []);
    const scope = functionScope(one, moduleScope(one.module, this.#index));
    const templates: Template[] = [];
    for (const node of nodesOf(one.body)) {
      if (isErrorMade(node)) templates.push(...templatesOfError(node, scope));
      else if (node.type === "CallExpression")
        for (const called of calledBy(node, scope))
          templates.push(...applied(this.#templatesOf(called, depth + 1), node, scope));
    }
    const own = templates.filter((template) => template.some((part) => typeof part !== "string"));
    this.#made.set(one.body, own);
    return own;
  }
}

/** Whether a call has put a text of its own into a template. */
const isWritten = (template: Template, before: readonly Template[]): boolean => {
  const text = textOf(template);
  return /[a-z]/i.test(text) && !before.some((one) => textOf(one) === text);
};

/** Arguments that the message of an error can be: those that the class gives to its base class, else all. */
function messageArguments(node: Node, { module, index }: Scope): readonly Node[] {
  const args = node.arguments as readonly Node[];
  const found = constructorNamed(nameOf(node.callee as Node)!, module, index);
  if (found?.message === undefined) return args;
  const used = new Set([...nodesOf(found.message)].map((inner) => nameOf(inner)));
  return args.filter((_, position) =>
    [...nodesOf(found.params[position] ?? node)].some(
      (inner) => inner.type === "Identifier" && used.has(nameOf(inner)),
    ),
  );
}

/** Templates of the message of an error: of the argument with words of its own, else of every one that is a text. */
function templatesOfError(node: Node, scope: Scope): Template[] {
  const all = messageArguments(node, scope).map((argument) => textsOf(argument, scope));
  const isWorded = (template: Template): boolean => /[a-z]{2}/i.test(textOf(template));
  return all.find((templates) => templates.some(isWorded)) ?? all.flat();
}

/** The texts of the first argument that is one. */
function firstTexts(node: Node, scope: Scope): Template[] {
  for (const argument of messageArguments(node, scope)) {
    const texts = textsOf(argument, scope).filter((template) => /\s/.test(textOf(template)));
    if (texts.length > 0) return texts;
  }
  return [];
}

const propertyOf = (object: Node, name: string): Node | undefined =>
  (object.properties as readonly Node[]).find(({ key }) => nameOf(key as Node | undefined) === name)?.value as
    | Node
    | undefined;

/** @see RFC 9457 section 3 */
function isProblemDocument(node: Node): boolean {
  if (node.type !== "ObjectExpression") return false;
  return ["detail", "status", "title"].every((name) => propertyOf(node, name) !== undefined);
}

/** Nodes of a module, each with the scope of the function around it. */
function* scopedNodes(module: Module, scope: Scope): Generator<{ readonly node: Node; readonly inner: Scope }> {
  const byBody = new Map(
    [...module.functions.values(), ...module.methods.values()].flat().map((one) => [one.body, one] as const),
  );
  function* walk(node: Node, inner: Scope): Generator<{ readonly node: Node; readonly inner: Scope }> {
    const own = byBody.get(node);
    const now = own === undefined ? inner : { ...functionScope(own, inner), depth: 0 };
    yield { node, inner: now };
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child === "object" && child !== null && typeof (child as Node).type === "string")
          yield* walk(child as Node, now);
  }
  yield* walk(module.program, scope);
}
