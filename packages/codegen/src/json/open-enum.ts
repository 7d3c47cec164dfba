/**
 * The keyword of a list of known values that is not complete (Zalando RESTful API Guidelines, rule 112). A validator
 * passes over it, a type names the values and lets others through.
 */
export const OPEN_ENUM = "x-extensible-enum";
