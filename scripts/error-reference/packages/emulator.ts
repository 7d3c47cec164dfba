import type { ErrorEntries } from "../entry.ts";

export const EMULATOR_ERRORS: ErrorEntries = {
  ERR_GHL_EMULATOR_CONFIGURATION: {
    cause: "An option or a control is one that the emulator cannot follow.",
    remedy: "The message names it and what it must be.",
  },
  ERR_GHL_EMULATOR_MEDIA: {
    cause: "The request's body is of a media type that the operation does not take.",
    remedy: "Send JSON, a form or multipart, as the operation documents.",
  },
  ERR_GHL_EMULATED_RESET: {
    cause: "A fault of the emulator broke the connection on purpose.",
    remedy: "Nothing to do: this is what your code has to survive.",
  },
};
