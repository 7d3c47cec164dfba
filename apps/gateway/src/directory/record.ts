import type { Directory } from "./directory.ts";
import type { Change } from "./model.ts";

type Installed = Parameters<Directory["installations"]["installed"]>[0];

/**
 * Tells the directory of an installation whose grant is stored. The grant works whether the directory knows of it or
 * not, so a directory that cannot be reached, twice, does not undo the installation; false says so.
 */
export async function recordInstalled(directory: Directory, installed: Installed, change: Change): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await directory.installations.installed(installed, change);
      return true;
    } catch {
      // Once more; the row is the same, and a second entry in the audit is no harm.
    }
  }
  return false;
}
