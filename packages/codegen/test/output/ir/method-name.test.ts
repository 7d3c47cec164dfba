import { expect, test } from "vitest";
import { camelCase, kebabCase, nameFromPath, pascalCase } from "../../../src/output/ir/method-name.ts";

test.each([
  ["get-contact", "getContact"],
  ["Get_Contact", "getContact"],
  ["getContact", "getContact"],
  ["createCalendarSchedule", "createCalendarSchedule"],
  ["URLList", "urlList"],
  ["GET", "get"],
  ["fb-get-ad-accounts", "fbGetAdAccounts"],
  ["ContactsController_search v2", "contactsControllerSearchV2"],
  ["***", ""],
])("camelCase(%j) is %j", (id, name) => {
  expect(camelCase(id)).toBe(name);
});

test.each([
  ["ad-publishing", "AdPublishing"],
  ["saas", "Saas"],
  ["3d-models", "Api3dModels"],
])("pascalCase(%j) is %j", (id, name) => {
  expect(pascalCase(id)).toBe(name);
});

test.each([
  ["getContact", "get-contact"],
  ["get-contact", "get-contact"],
  ["getURLById", "get-url-by-id"],
])("kebabCase(%j) is %j", (id, name) => {
  expect(kebabCase(id)).toBe(name);
});

test.each([
  ["get", "/pets/{petId}/toys", "getPetsByPetIdToys"],
  ["post", "/", "post"],
  ["delete", "/files/{a}.{b}", "deleteFilesByAByB"],
])("%s %s is called %s", (method, path, name) => {
  expect(nameFromPath(method, path)).toBe(name);
});
