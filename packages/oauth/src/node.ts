export { createFileTokenStore, type FileTokenStoreOptions } from "./node/file-token-store.ts";
