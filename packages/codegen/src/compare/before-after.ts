/** One value of each of the two sides that are compared. */
export interface BeforeAfter<T> {
  readonly before: T;
  readonly after: T;
}
