export { migrateTokenStore, type TokenStoreMigration, tokenStoreMigrations } from "./sql/migrations.ts";
export {
  createSqlTokenStore,
  type SqlDriver,
  type SqlTokenStoreOptions,
  type SqlValue,
} from "./sql/sql-token-store.ts";
