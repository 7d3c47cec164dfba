import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Evidence, holdingObservations } from "../../input/evidence/apply.ts";
import { type Observation, parseEvidence } from "../../input/evidence/evidence.ts";
import { evidenced } from "../../input/evidence/evidenced.ts";
import { EXAMPLES_FILE, parseFindings, printFindings } from "../../input/evidence/examples/example-file.ts";
import type { ExampleFindings } from "../../input/evidence/examples/example-shapes.ts";
import { parseJson, requireOpenApi } from "../../input/load/parse.ts";
import type { JsonObject } from "../../json/json.ts";
import { ownOrPackaged } from "../../packaged.ts";
import type { ClientTexts } from "../emit/client/client-text-model.ts";
import type { FieldTexts } from "../ir/field-texts.ts";
import type { Module } from "../ir/model.ts";
import { buildModule } from "../ir/module.ts";
import { digest } from "./digest.ts";
import { readIfThere } from "./target-folder.ts";

export const APIS = ["v2", "v3"] as const;

/** The generation that evidence is of. */
const OBSERVED_API = "v2";

/** A distilled document and the module that is made of it. */
export interface Document {
  readonly api: string;
  readonly name: string;
  readonly file: string;
  /** Digest of everything that the module is made of: the document, what its examples show, what was seen of it. */
  readonly digest: string;
  /** Parsed and built once, when the first unit asks. */
  readonly module: () => Module;
  /** Its types and methods, printed once: the unit of its twin compares itself with them. */
  readonly texts: (fields: FieldTexts) => Promise<ClientTexts>;
  /** Observations that hold for its operations. */
  readonly observations: () => readonly Observation[];
}

/** Every distilled document of a folder, v2 before v3, by name. */
export function readDocuments(root: string, openapi: string): Document[] {
  const sources = new Sources(root, openapi);
  return APIS.flatMap((api) => sources.names(api).map((name) => documentOf(sources, api, name)));
}

function documentOf(sources: Sources, api: string, name: string): Document {
  const file = sources.file(api, name);
  const evidence = sources.evidence(name);
  // what was seen of one generation holds for the other where both describe an operation alike
  const twinApi = evidence === undefined || api === OBSERVED_API ? undefined : OBSERVED_API;
  const twinDigest = twinApi === undefined ? "" : sources.digest(twinApi, name);
  let built: Module | undefined;
  const module = () => {
    built ??= buildModule(sources.evidenced(api, name, twinApi), { name, api, file });
    return built;
  };
  let printed: ClientTexts | undefined;
  const texts = async (fields: FieldTexts) => {
    const { clientTexts } = await import("../emit/client/client-texts.ts");
    printed ??= clientTexts(module(), fields);
    return printed;
  };
  const madeOf = digest(sources.digest(api, name), evidence?.bytes ?? "", twinDigest);
  const observations = () => holdingObservations(sources.seen(api, name, twinApi));
  return { api, name, file, digest: madeOf, module, texts, observations };
}

/** The files of a folder of documents that modules are made of. */
class Sources {
  readonly #root: string;
  readonly #openapi: string;
  readonly #findings: ReadonlyMap<string, ExampleFindings>;

  constructor(root: string, openapi: string) {
    this.#root = root;
    this.#openapi = openapi;
    const file = `${openapi}/${EXAMPLES_FILE}`;
    const bytes = readIfThere(ownOrPackaged(join(root, openapi), EXAMPLES_FILE));
    this.#findings = bytes === undefined ? new Map() : parseFindings(parseJson(bytes, file), file);
  }

  names(api: string): string[] {
    try {
      const files = readdirSync(join(this.#root, this.#openapi, api)).filter((name) => name.endsWith(".json"));
      return files.sort().map((name) => name.slice(0, -".json".length));
    } catch {
      return [];
    }
  }

  file(api: string, name: string): string {
    return `${this.#openapi}/${api}/${name}.json`;
  }

  /** Digest of a document and of what its examples show; empty where there is none. */
  digest(api: string, name: string): string {
    const bytes = readIfThere(join(this.#root, this.file(api, name)));
    const shown = printFindings(new Map([[name, this.#examples(api, name)]]));
    return bytes === undefined ? "" : digest(this.file(api, name), bytes, shown);
  }

  /** The document, as wide as its examples and as what was seen. */
  evidenced(api: string, name: string, twinApi: string | undefined): JsonObject {
    return evidenced(this.#document(api, name), {
      findings: this.#examples(api, name),
      file: `${this.#openapi}/${EXAMPLES_FILE}`,
      evidence: this.seen(api, name, twinApi),
    });
  }

  /** Returns the observations of a module, with the documents of both generations where the other one was observed. */
  seen(api: string, name: string, twinApi: string | undefined): Evidence {
    const evidence = this.evidence(name);
    return {
      observations:
        evidence === undefined ? [] : parseEvidence(parseJson(evidence.bytes, evidence.file), evidence.file),
      twin:
        twinApi === undefined ? undefined : { own: this.#document(api, name), observed: this.#document(twinApi, name) },
    };
  }

  /** The document as it is distilled; an empty one where there is none. */
  #document(api: string, name: string): JsonObject {
    const file = this.file(api, name);
    const bytes = readIfThere(join(this.#root, file));
    return bytes === undefined ? {} : requireOpenApi(parseJson(bytes, file), file);
  }

  /** Reads the evidence of a module from the given folder, or else the evidence that this package carries. */
  evidence(name: string): { readonly file: string; readonly bytes: Buffer } | undefined {
    const path = ownOrPackaged(join(this.#root, this.#openapi), `evidence/${name}.json`);
    const bytes = readIfThere(path);
    return bytes === undefined ? undefined : { file: `${this.#openapi}/evidence/${name}.json`, bytes };
  }

  #examples(api: string, name: string): ExampleFindings {
    return this.#findings.get(`${api}/${name}`) ?? new Map();
  }
}
