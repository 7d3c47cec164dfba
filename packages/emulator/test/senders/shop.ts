import { Invoices } from "@ghl-edge/client/v2/invoices";
import { Medias } from "@ghl-edge/client/v2/medias";
import { Products } from "@ghl-edge/client/v2/products";
import type { Location } from "./location.ts";

/** An invoice of one hour for a contact. */
export async function newInvoice(location: Location, contactId: string): Promise<string> {
  const { _id } = await location.use(Invoices).createInvoice({
    body: {
      name: "Roof check",
      currency: "USD",
      items: [{ name: "One hour", currency: "USD", amount: 120, qty: 1 }],
      discount: { type: "fixed", value: 0 },
      businessDetails: { name: "Shop" },
      contactDetails: { id: contactId, name: "Ada Byron", email: "ada@example.com", phoneNo: "+14155550100" },
      sentTo: { email: ["ada@example.com"] },
      issueDate: "2026-06-01",
      liveMode: true,
    },
  });
  return _id;
}

/** A shop: a product, a picture, an invoice that is sent without naming a user. */
export async function shop(location: Location, contactId: string): Promise<void> {
  await location.use(Products).createProduct({
    body: { name: "Roof check", productType: "SERVICE", description: "One hour", availableInStore: true },
  });
  const picture = new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" });
  await location.use(Medias).uploadMediaContent({ body: { file: picture, name: "roof.png" } });
  await location.use(Invoices).sendInvoice({
    invoiceId: await newInvoice(location, contactId),
    body: {
      action: "email",
      liveMode: true,
      sentFrom: { fromName: "Shop", fromEmail: "shop@example.com" },
    },
  });
}
