/** Position of a field. Without a part, only the less specific texts apply. */
export interface FieldPosition {
  /** Name of the document: `contacts`. */
  readonly module?: string | undefined;
  /** Name of the schema that lists the field: `SearchContactV2`. */
  readonly schema?: string | undefined;
}

/** Sentences for fields, in our words. */
export interface FieldTexts {
  /**
   * The sentence for a field, undefined where there is none.
   *
   * The most specific key of `fields.yaml` decides: `module/Schema.field`, then `module/field`, then `field`.
   *
   * @example texts.fieldText("dueDate", { module: "invoices", schema: "CreateInvoiceDto" })
   */
  readonly fieldText: (field: string, position?: FieldPosition) => string | undefined;
  /** Every key of the file, in its order. */
  readonly keys: readonly string[];
}

/** For documents that are not HighLevel's. */
export const NO_FIELD_TEXTS: FieldTexts = { keys: [], fieldText: () => undefined };
