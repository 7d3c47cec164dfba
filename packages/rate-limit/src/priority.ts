/** Urgency of a call. It decides the share of a saturated burst limit, and how much of the daily limit the call may use. */
export type Priority = "interactive" | "normal" | "bulk";

/** All priorities, the most urgent first. */
export const PRIORITIES: readonly Priority[] = ["interactive", "normal", "bulk"];
