import { emptyShape, mergeShape, type Shape } from "../evidence/shape/shape.ts";
import { isDataName } from "./data-name.ts";

/** The shape without names that are data: what such members were becomes the shape of any member (`.*`). */
export function foldShape(shape: Shape): Shape {
  const folded = emptyShape();
  for (const [kind, times] of shape.kinds) folded.kinds.set(kind, times);
  folded.dateTimes = shape.dateTimes;
  const data = [...shape.members].filter(([name]) => isDataName(name)).map(([, member]) => member);
  for (const [name, member] of shape.members) if (!isDataName(name)) folded.members.set(name, foldShape(member));
  for (const member of shape.any === undefined ? data : [shape.any, ...data]) {
    folded.any ??= emptyShape();
    mergeShape(folded.any, foldShape(member));
  }
  if (shape.items !== undefined) folded.items = foldShape(shape.items);
  return folded;
}
