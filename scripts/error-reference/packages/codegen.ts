import type { ErrorEntries } from "../entry.ts";

export const CODEGEN_ERRORS: ErrorEntries = {
  ERR_GHL_CODEGEN_CONFIG: {
    cause: "`ghl-codegen.config.ts` is missing, cannot be loaded, or has a field that is not known.",
    remedy: "The message names the field. `ghl-codegen --help` shows a configuration to start from.",
  },
  ERR_GHL_CODEGEN_USAGE: {
    cause: "The command line is wrong: an unknown command or flag, or a missing value.",
    remedy: "`ghl-codegen --help` shows the commands, `ghl-codegen <command> --help` its flags.",
  },
  ERR_GHL_CODEGEN_UNREADABLE: {
    cause: "A file or folder cannot be read, or holds none of the requested documents.",
    remedy: "The message names the path.",
  },
  ERR_GHL_CODEGEN_NOT_PARSABLE: {
    cause: "A file is neither JSON nor YAML.",
    remedy: "The message names line and column.",
  },
  ERR_GHL_CODEGEN_NOT_OPENAPI: {
    cause: "A file parses, but is not an OpenAPI 3.x document.",
    remedy: "Convert OpenAPI 2 documents first.",
  },
  ERR_GHL_CODEGEN_UNRESOLVED_REF: {
    cause: "A `$ref` points nowhere, and no repair rule covers it.",
    remedy: "Fix the reference, or add an overlay action.",
  },
  ERR_GHL_CODEGEN_UNSUPPORTED: {
    cause:
      "A document uses something that generated code could not do, so that it would silently do something else. Nothing was written.",
    remedy: "The message names the path. Change it with an overlay, or leave the operation out.",
  },
  ERR_GHL_CODEGEN_NAME_CLASH: {
    cause: "Two things that need names of their own have the same name.",
    remedy: "Give one of them another name with an overlay (`x-method-name`).",
  },
  ERR_GHL_CODEGEN_EVIDENCE_INVALID: {
    cause: "A file of evidence is not in the documented format.",
    remedy: "Compare it with docs/design/evidence.md; the message names the path.",
  },
  ERR_GHL_CODEGEN_FIELDS_INVALID: {
    cause: "A `fields.yaml` is not a mapping of field names to sentences.",
    remedy: "The message names the path.",
  },
  ERR_GHL_CODEGEN_OVERLAY_INVALID: {
    cause: "An overlay file is not an OpenAPI Overlay 1.0 document, or uses a part of it that is not supported.",
    remedy: "The message names the path.",
  },
  ERR_GHL_CODEGEN_OVERLAY_TARGET: {
    cause: "The target of an overlay action is gone, or is no longer what the action was written against.",
    remedy: "Look at what changed upstream, then change or remove the action.",
  },
  ERR_GHL_CODEGEN_OVERLAY_NO_EFFECT: {
    cause: "An overlay action changes nothing: the document is right by now.",
    remedy: "Remove the action.",
  },
  ERR_GHL_CODEGEN_NETWORK: {
    cause: "A document could not be fetched.",
    remedy: "Check the address and the connection, or read the documents from a folder.",
  },
  ERR_GHL_CODEGEN_WRITE: {
    cause: "Files could not be written. The tree was left as it was.",
    remedy: "Check the folder's rights and the free space.",
  },
  ERR_GHL_CODEGEN_WEBHOOKS_INVALID: {
    cause: "`webhooks.yaml` is not what the generator reads.",
    remedy: "`pointer` names the path.",
  },
};
