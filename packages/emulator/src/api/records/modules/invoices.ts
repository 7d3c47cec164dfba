import { create, find, insert, read, remove, update } from "../behaviours.ts";
import { type Behaviour, type Behaviours, type Collection, type Fields, type RecordCall, text } from "../call.ts";
import { byOffset } from "../pages.ts";
import type { StoredRecord } from "../store.ts";

const STAMPS = ["createdAt", "updatedAt"] as const;

/** Sum of amount times quantity, before discounts and taxes. */
function sum(items: unknown): number {
  if (!Array.isArray(items)) return 0;
  return (items as Record<string, unknown>[]).reduce(
    (total, { amount, qty = 1 }) => total + (Number(amount) || 0) * (Number(qty) || 0),
    0,
  );
}

const invoice: Collection = {
  name: "invoices",
  idKey: "_id",
  idParam: "invoiceId",
  stamps: STAMPS,
  show: ({ items, invoiceItems, ...body }, call) => {
    const shown = items ?? invoiceItems ?? [];
    const total = sum(shown);
    const invoiceNumber = text(body.invoiceNumber) ?? String(call.store.all("invoices").length + 1).padStart(6, "0");
    const money = { total, amountPaid: 0, amountDue: total };
    return { status: "draft", liveMode: false, ...body, invoiceNumber, ...money, invoiceItems: shown };
  },
};
const estimate: Collection = {
  name: "estimates",
  idKey: "_id",
  idParam: "estimateId",
  stamps: STAMPS,
  show: (body) => ({ estimateStatus: "draft", deleted: false, ...body, total: sum(body.items) }),
};
const schedule: Collection = {
  name: "invoice schedules",
  idKey: "_id",
  idParam: "scheduleId",
  stamps: STAMPS,
  show: (body) => ({ status: "draft", invoices: [], ...body, total: sum(body.items) }),
};
const template: Collection = {
  name: "invoice templates",
  idKey: "_id",
  idParam: "templateId",
  stamps: STAMPS,
  show: (body) => ({ ...body, total: sum(body.items) }),
};
const estimateTemplate: Collection = {
  name: "estimate templates",
  idKey: "_id",
  idParam: "templateId",
  stamps: STAMPS,
  show: (body) => ({ ...body, total: sum(body.items) }),
};

const itself = ({ data }: StoredRecord): Fields => data;
const to = (status: string) => (): Fields => ({ status });

/** Changes that have items change the total too. */
const edited = (call: RecordCall, { data }: StoredRecord): Fields => {
  const { items, invoiceItems, ...rest } = call.body;
  const shown = items ?? invoiceItems;
  if (shown === undefined) return rest;
  const total = sum(shown);
  return { ...rest, invoiceItems: shown, total, amountDue: total - Number(data.amountPaid ?? 0) };
};

/** The collection without stamps: the behaviours here write every field themselves. */
const plain = (collection: Collection): Collection => {
  const { show: _show, ...rest } = collection;
  return rest;
};

const fits = ({ data }: StoredRecord, { query }: RecordCall): boolean => {
  const search = (query.get("search") ?? "").toLowerCase();
  const status = query.get("status");
  const contactId = query.get("contactId");
  const contact = data.contactDetails as Fields | undefined;
  if (search !== "" && !`${String(data.name)} ${String(data.invoiceNumber)}`.toLowerCase().includes(search))
    return false;
  if (contactId !== null && contact?.id !== contactId) return false;
  return status === null || (data.status ?? data.estimateStatus) === status;
};

const recordPayment: Behaviour = (call) => {
  const found = find(invoice, call);
  if ("otherwise" in found) return found.otherwise;
  const { data } = found.record;
  // A payment without an amount pays the whole rest.
  const paid =
    Number(data.amountPaid) + (typeof call.body.amount === "number" ? call.body.amount : Number(data.amountDue));
  const amountDue = Math.max(0, Number(data.total) - paid);
  found.record.data = { ...data, amountPaid: paid, amountDue, status: amountDue === 0 ? "paid" : "partially_paid" };
  return { body: { success: true, invoice: found.record.data } };
};

const invoiceFromEstimate: Behaviour = (call) => {
  const found = find(estimate, call);
  if ("otherwise" in found) return found.otherwise;
  const { _id, createdAt, updatedAt, estimateStatus, ...sent } = found.record.data;
  found.record.data = { ...found.record.data, estimateStatus: "invoiced" };
  return { body: { estimate: found.record.data, invoice: insert(invoice, call, sent).data } };
};

const paged = (items: string, total: string) => ({ items, total, param: "offset", filter: fits });

export const invoices: Behaviours = {
  "create-invoice": create(invoice),
  "get-invoice": read(invoice),
  "update-invoice": update(plain(invoice), { changes: edited }),
  "update-invoice-late-fees-configuration": update(plain(invoice)),
  "delete-invoice": remove(invoice, itself),
  "send-invoice": update(plain(invoice), { changes: to("sent"), answer: ({ data }) => ({ invoice: data }) }),
  "void-invoice": update(plain(invoice), { changes: to("void") }),
  "record-invoice": recordPayment,
  "list-invoices": byOffset(invoice, paged("invoices", "total")),
  "create-new-estimate": create(estimate),
  "update-estimate": update(plain(estimate)),
  "send-estimate": update(plain(estimate), { changes: () => ({ estimateStatus: "sent" }) }),
  "create-invoice-from-estimate": invoiceFromEstimate,
  "delete-estimate": remove(estimate, itself),
  "list-estimates": byOffset(estimate, paged("estimates", "total")),
  "create-invoice-schedule": create(schedule),
  "get-invoice-schedule": read(schedule),
  "update-invoice-schedule": update(plain(schedule)),
  "schedule-invoice-schedule": update(plain(schedule), { changes: to("scheduled") }),
  "cancel-invoice-schedule": update(plain(schedule), { changes: to("cancelled") }),
  "delete-invoice-schedule": remove(schedule),
  "list-invoice-schedules": byOffset(schedule, paged("schedules", "total")),
  "create-invoice-template": create(template),
  "get-invoice-template": read(template),
  "update-invoice-template": update(plain(template)),
  "delete-invoice-template": remove(template),
  "list-invoice-templates": byOffset(template, paged("data", "totalCount")),
  "create-estimate-template": create(estimateTemplate),
  "update-estimate-template": update(plain(estimateTemplate)),
  "delete-estimate-template": remove(estimateTemplate, itself),
  "list-estimate-templates": byOffset(estimateTemplate, paged("data", "totalCount")),
};
