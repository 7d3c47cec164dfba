import { create, find, insert, listAll, namedAs, read, remove, update } from "../behaviours.ts";
import type { Behaviour, Behaviours, Collection, Fields, RecordCall } from "../call.ts";
import { byOffset } from "../pages.ts";
import type { StoredRecord } from "../store.ts";
import { freeSlots } from "./free-slots.ts";

const STAMPS = ["dateAdded", "dateUpdated"] as const;

export const calendar: Collection = {
  name: "calendars",
  idKey: "id",
  idParam: "calendarId",
  wrap: "calendar",
  stamps: STAMPS,
  show: (body) => ({ isActive: true, ...body }),
};
const group: Collection = {
  name: "calendar groups",
  idKey: "id",
  idParam: "groupId",
  wrap: "group",
  stamps: STAMPS,
  show: (body) => ({ isActive: true, ...body }),
};
export const appointment: Collection = {
  name: "calendar events",
  idKey: "id",
  idParam: "eventId",
  stamps: STAMPS,
  show: (body) => ({ appointmentStatus: "confirmed", isRecurring: false, ...body }),
};
/** Blocked slots are a collection of their own. The call that deletes appointments deletes them too. */
const blocked: Collection = { name: "blocked slots", idKey: "id", idParam: "eventId", stamps: STAMPS };
const note: Collection = {
  name: "appointment notes",
  idKey: "id",
  idParam: "noteId",
  parentParam: "appointmentId",
  wrap: "note",
  stamps: STAMPS,
};
const resource: Collection = {
  name: "calendar resources",
  idKey: "id",
  idParam: "id",
  parentParam: "resourceType",
  stamps: STAMPS,
  show: (body, call) => ({ isActive: true, ...body, resourceType: call.params.resourceType }),
};
const notification: Collection = {
  name: "calendar notifications",
  idKey: "_id",
  idParam: "notificationId",
  parentParam: "calendarId",
  stamps: ["createdAt", "updatedAt"],
  show: (body) => ({ isActive: true, deleted: false, ...body }),
};
const schedule: Collection = { name: "schedules", idKey: "id", idParam: "id", wrap: "schedule", stamps: STAMPS };
const service: Collection = { name: "services", idKey: "id", idParam: "serviceId", wrap: "service", stamps: STAMPS };
const serviceLocation: Collection = {
  name: "service locations",
  idKey: "id",
  idParam: "serviceLocationId",
  stamps: STAMPS,
};

/** `startTime` and `endTime` of the query are milliseconds, those of an event ISO 8601. */
function inTime({ data }: StoredRecord, { query }: RecordCall): boolean {
  const from = Number(query.get("startTime") ?? Number.NEGATIVE_INFINITY);
  const to = Number(query.get("endTime") ?? Infinity);
  const startMs = Date.parse(String(data.startTime));
  return Number.isNaN(startMs) || (startMs >= from && startMs <= to);
}

const fits = (record: StoredRecord, call: RecordCall): boolean =>
  inTime(record, call) &&
  (call.query.get("calendarId") ?? record.data.calendarId) === record.data.calendarId &&
  (call.query.get("userId") ?? record.data.assignedUserId) === record.data.assignedUserId;

const readAppointment: Behaviour = (call) => {
  const found = find(appointment, call);
  return "otherwise" in found
    ? found.otherwise
    : { body: { [namedAs(call, "appointment", "event")]: found.record.data } };
};

/** An appointment or a blocked slot. */
const deleteEvent: Behaviour = (call) =>
  remove(call.store.get(blocked.name, call.params.eventId ?? "") === undefined ? appointment : blocked)(call);

/** Creates several notifications: the body is a list. */
const createNotifications: Behaviour = (call) => ({
  body: (call.list ?? [call.body]).map((sent) => insert(notification, call, sent as Fields).data),
});

const message = (text: string) => (): Fields => ({ message: text });

export const calendars: Behaviours = {
  "create-calendar": create(calendar),
  "get-calendar": read(calendar),
  "update-calendar": update(calendar),
  "delete-calendar": remove(calendar),
  "get-calendars": listAll(
    calendar,
    "calendars",
    ({ data }, { query }) => (query.get("groupId") ?? data.groupId) === data.groupId,
  ),
  "create-calendar-group": create(group),
  "edit-group": update(group),
  "disable-group": update(group, { answer: () => ({ success: true }) }),
  "delete-group": remove(group),
  "get-groups": listAll(group, "groups"),
  "create-appointment": create(appointment),
  "get-appointment": readAppointment,
  "edit-appointment": update(appointment),
  "delete-event": deleteEvent,
  "get-slots": freeSlots,
  "get-calendar-events": listAll(appointment, "events", fits),
  "create-block-slot": create(blocked),
  "edit-block-slot": update(blocked),
  "get-blocked-slots": listAll(blocked, "events", fits),
  "create-appointment-note": create(note),
  "update-appointment-note": update(note),
  "delete-appointment-note": remove(note),
  "get-appointment-notes": byOffset(note, { items: "notes", param: "offset", more: "hasMore" }),
  "create-calendar-resource": create(resource),
  "get-calendar-resource": read(resource),
  "update-calendar-resource": update(resource),
  "delete-calendar-resource": remove(resource),
  "fetch-calendar-resources": byOffset(resource, { items: "", param: "skip" }),
  "create-event-notification": createNotifications,
  "find-event-notification": read(notification),
  "update-event-notification": update(notification, { answer: message("Notification updated") }),
  "delete-event-notification": remove(notification, message("Notification deleted")),
  "get-event-notification": byOffset(notification, { items: "", param: "skip" }),
  createSchedule: create(schedule),
  getScheduleById: read(schedule),
  updateSchedule: update(schedule),
  deleteSchedule: remove(schedule),
  getAllSchedules: byOffset(schedule, { items: "schedules", param: "skip" }),
  "create-service-catalog": create(service),
  "get-service-catalog-by-id": read(service),
  "update-service-catalog": update(service),
  "delete-service-catalog": remove(service),
  "get-services-catalog": listAll(service, "services"),
  "create-service-location": create(serviceLocation),
  "get-service-location-by-id": read(serviceLocation),
  "update-service-location": update(serviceLocation),
  "delete-service-location": remove(serviceLocation),
  "get-service-locations": listAll(serviceLocation, "serviceLocations"),
};
