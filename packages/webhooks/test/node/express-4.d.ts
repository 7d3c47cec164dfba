/** Express 4 has no types of its own. The members that the tests use are the same in 5. */
declare module "express-4" {
  export { default } from "express";
}
