import { create, orSample, read, remove, update } from "../behaviours.ts";
import type { Behaviours, Collection, Fields } from "../call.ts";
import { byOffset } from "../pages.ts";

const STAMPS = ["createdAt", "updatedAt"] as const;

export const product: Collection = {
  name: "products",
  idKey: "_id",
  idParam: "productId",
  stamps: STAMPS,
  show: (body) => ({ availableInStore: false, ...body }),
};
export const price: Collection = {
  name: "prices",
  idKey: "_id",
  idParam: "priceId",
  parentParam: "productId",
  stamps: STAMPS,
  show: (body, call) => ({ ...body, product: call.params.productId }),
};

const removed = (): Fields => ({ status: true });

export const products: Behaviours = {
  "create-product": create(product),
  "get-product-by-id": read(product),
  "update-product-by-id": update(product),
  "delete-product-by-id": remove(product, removed),
  // HighLevel's operationId of the list of products.
  "list-invoices": orSample(
    product,
    byOffset(product, { items: "products", param: "offset", total: (count) => ({ total: [{ total: count }] }) }),
  ),
  "create-price-for-product": create(price),
  "get-price-by-id-for-product": read(price),
  "update-price-by-id-for-product": update(price),
  "delete-price-by-id-for-product": remove(price, removed),
  "list-prices-for-product": orSample(price, byOffset(price, { items: "prices", param: "offset", total: "total" })),
};
