/** How urgent a call is: decides its share of a saturated burst limit, and how much of the day's budget is open to it. */
export type Priority = "interactive" | "normal" | "bulk";

/** From the most urgent to the least. */
export const PRIORITIES: readonly Priority[] = ["interactive", "normal", "bulk"];
