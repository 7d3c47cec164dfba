import type { CallOptions } from "../../src/call-options.ts";
import { encodeForm } from "../../src/form.ts";
import type { ApiModule, OperationTable, Paginated } from "../../src/index.ts";

type Params = Record<string, unknown>;
type Method = (params?: Params, options?: CallOptions) => Promise<unknown>;
type List = (params?: Params, options?: CallOptions) => Paginated<{ pets: unknown[] }, unknown>;

interface PetMethods {
  getPet: Method;
  findPets: Method;
  createPet: Method;
  replacePet: Method;
  patchPet: Method;
  deletePet: Method;
  shelter: Method;
  shelterOrder: Method;
  agency: Method;
  either: Method;
  optional: Method;
  form: Method;
  upload: Method;
  photo: Method;
  open: Method;
  listPets: List;
}

interface PetsModule extends ApiModule {
  unbound: PetMethods;
  location: PetMethods;
  company: PetMethods;
}

/** A module made by hand that has one operation of every kind. */
export const Pets: PetsModule = {
  module: "pets",
  api: "v3",
  version: "v3",
  tokens: "lL",
  encodeForm,
  operations: {
    getPet: { p: "/pets/{petId}", s: ["pets.readonly"] },
    findPets: { p: "/pets/", t: { locationId: "q" }, x: ["tags"] },
    createPet: { m: "POST", p: "/pets/", t: { locationId: "b" }, b: "j" },
    replacePet: { m: "PUT", p: "/pets/{petId}", b: "j" },
    patchPet: { m: "PATCH", p: "/pets/{petId}", b: "j" },
    deletePet: { m: "DELETE", p: "/pets/{petId}" },
    shelter: { p: "/shelters/{locationId}", t: { locationId: "p" }, v: "2021-07-28" },
    shelterOrder: { p: "/orders/", t: { altId: "q", altType: "q" } },
    agency: { p: "/agencies/{companyId}", t: { companyId: "p" }, k: "cC" },
    either: { p: "/either/", t: { companyId: "Q", locationId: "Q" }, k: "lLcC" },
    optional: { m: "POST", p: "/optional/", t: { locationId: "B" }, b: "j" },
    form: { m: "POST", p: "/form", b: "f", t: { locationId: "b" } },
    upload: { m: "POST", p: "/upload", b: "m", t: { locationId: "B" } },
    photo: { p: "/pets/{petId}/photo", r: "b" },
    open: { p: "/open", k: "", v: "" },
    listPets: { p: "/list", g: { s: "offset", i: "pets", f: "skip", t: "total" } },
  },
} satisfies OperationTable as OperationTable as PetsModule;
