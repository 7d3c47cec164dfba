export const LOCATION_ID = "ve9EPM428h8vShlRW1KT";
export const CONTACT_ID = "ocQHyuzHvysMo5N5VsXc";
export const WORKFLOW_ID = "a91e2c04-7d36-4b18-8f52-1c6d0e9b7a43";

/** The secret part of the URL. */
export const SECRET_PATH = `${LOCATION_ID}/webhook-trigger/5e0f1d7c-52b9-4c0e-9a3f-0d8b7f6a1c2e`;
export const INBOUND_URL = `https://services.leadconnectorhq.com/hooks/${SECRET_PATH}`;
export const TARGET_PATH = `${LOCATION_ID}/trigger-of-the-workflow`;
export const TARGET_URL = `https://services.leadconnectorhq.com/workflows-marketplace/triggers/execute/${TARGET_PATH}`;

/** Request of the Webhook action in the captured format (docs/design/marketplace.md), with a made-up contact. */
export const STANDARD_WEBHOOK = {
  contact_id: CONTACT_ID,
  first_name: "Ada",
  last_name: "Byron",
  full_name: "Ada Byron",
  email: "ada@example.com",
  tags: "lead, newsletter",
  country: "GB",
  date_created: "2026-11-01T08:00:00.000Z",
  full_address: "",
  contact_type: "lead",
  "Preferred. [time]": "morning",
  location: { name: "Acme", city: "London", country: "GB", id: LOCATION_ID },
  workflow: { id: WORKFLOW_ID, name: "New lead" },
  triggerData: {},
  contact: { attributionSource: { medium: "form" }, lastAttributionSource: {} },
  attributionSource: {},
  customData: { source: "landing page" },
};

export const ACTION = {
  data: { message: "Hello", channels: ["sms", "email"], urgent: true },
  extras: { locationId: LOCATION_ID, contactId: CONTACT_ID, workflowId: WORKFLOW_ID },
  meta: { key: "send_message", version: "1.0" },
};

export const SUBSCRIPTION = {
  triggerData: {
    id: "trigger-1",
    key: "order_created",
    filters: [{ field: "plan", id: "plan", operator: "==", title: "Plan", type: "select", value: "pro" }],
    eventType: "CREATED",
    targetUrl: TARGET_URL,
  },
  meta: { key: "order_created", version: "1.3" },
  extras: { locationId: LOCATION_ID, workflowId: WORKFLOW_ID, companyId: "company-1" },
};
