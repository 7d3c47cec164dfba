/** The functions of a handler. The handler types their arguments. */
interface EventFunctions<Known, Unknown, Context> {
  readonly on?: object | undefined;
  readonly onEvent?: ((event: Known, context: Context) => unknown) | undefined;
  readonly onUnknown?: ((event: Unknown, context: Context) => unknown) | undefined;
}

type Named = { readonly name: string; readonly event: unknown };
type Nameless = { readonly name: "unknown" };

function isNameless<Unknown extends Nameless>(event: Named | Unknown): event is Unknown {
  return event.name === "unknown";
}

/** Runs `onUnknown` for an event without a name. Otherwise runs `onEvent`, then the function for this event. */
export async function dispatch<Known extends Named, Unknown extends Nameless, Context>(
  { on, onEvent, onUnknown }: EventFunctions<Known, Unknown, Context>,
  event: Known | Unknown,
  context: Context,
): Promise<void> {
  if (isNameless<Unknown>(event)) {
    await onUnknown?.(event, context);
    return;
  }
  await onEvent?.(event, context);
  const own = on !== undefined && Object.hasOwn(on, event.name) ? on[event.name as keyof typeof on] : undefined;
  // The name determines the type of the payload, but the compiler cannot follow that through the index.
  await (own as ((event: unknown, context: Context) => unknown) | undefined)?.(event.event, context);
}
