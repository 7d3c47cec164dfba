import type { NewWorkflowReceiver, WorkflowReceiverInput } from "../../services/administration/workflow-input.ts";
import type { WorkflowSecretRotation } from "../../services/administration/workflow-receivers.ts";
import { type AdminContext, readBody, readPage } from "./input.ts";
import type { AdminRoute } from "./route.ts";

const idOf = (c: AdminContext): string => c.req.param("id") ?? "";

/** What takes requests of workflows at `/workflows/{app}/{id}`. Operations read their input themselves. */
export const workflowRoutes: readonly AdminRoute[] = [
  {
    method: "get",
    path: "/admin/workflow-receivers",
    operationId: "listWorkflowReceivers",
    tag: "workflowReceivers",
    summary: "What takes requests of workflows, by id.",
    role: "viewer",
    query: ["app", "limit", "cursor"],
    status: 200,
    answer: "WorkflowReceiverPage",
    handle: (admin, c) => admin.workflowReceivers({ ...readPage(c), app: c.req.query("app") }),
  },
  {
    method: "post",
    path: "/admin/workflow-receivers",
    operationId: "createWorkflowReceiver",
    tag: "workflowReceivers",
    summary: "Makes a receiver at /workflows/{app}/{id}, and shows once the secrets it was not given.",
    role: "admin",
    body: "NewWorkflowReceiver",
    status: 201,
    answer: "WorkflowReceiverWithSecrets",
    handle: async (admin, c) => admin.createWorkflowReceiver(await readBody<NewWorkflowReceiver>(c)),
  },
  {
    method: "get",
    path: "/admin/workflow-receivers/{id}",
    operationId: "getWorkflowReceiver",
    tag: "workflowReceivers",
    summary: "One receiver.",
    role: "viewer",
    status: 200,
    answer: "WorkflowReceiver",
    handle: (admin, c) => admin.workflowReceiver(idOf(c)),
  },
  {
    method: "put",
    path: "/admin/workflow-receivers/{id}",
    operationId: "changeWorkflowReceiver",
    tag: "workflowReceivers",
    summary: "Replaces all settings; what is left out takes its default. App, kind and secrets stay.",
    role: "admin",
    body: "WorkflowReceiverSettings",
    status: 200,
    answer: "WorkflowReceiverWithSecrets",
    handle: async (admin, c) => admin.changeWorkflowReceiver(idOf(c), await readBody<WorkflowReceiverInput>(c)),
  },
  {
    method: "post",
    path: "/admin/workflow-receivers/{id}/secrets",
    operationId: "rotateWorkflowReceiverSecret",
    tag: "workflowReceivers",
    summary:
      "Replaces a secret; the one before is good beside it for some time. It may open for 30 s more where it was just used.",
    role: "admin",
    body: "WorkflowSecretRotation",
    status: 201,
    answer: "RotatedWorkflowSecret",
    handle: async (admin, c) => admin.rotateWorkflowSecret(idOf(c), await readBody<WorkflowSecretRotation>(c)),
  },
  {
    method: "delete",
    path: "/admin/workflow-receivers/{id}",
    operationId: "removeWorkflowReceiver",
    tag: "workflowReceivers",
    summary: "Forgets a receiver. It may be heard for 30 s more where it was just used.",
    role: "admin",
    status: 204,
    handle: (admin, c) => admin.removeWorkflowReceiver(idOf(c)),
  },
];
