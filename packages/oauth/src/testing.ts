export { type StoreContractCase, type StoreContractOptions, tokenStoreContract } from "./testing/store-contract.ts";
