import type { Config } from '../config.ts';
import { createCsvPackage } from '../connectors/csv/index.ts';
import { createHttpPackage } from '../connectors/http/index.ts';
import { createLdapPackage } from '../connectors/ldap/index.ts';
import { createLdapWritePackage } from '../connectors/ldap/write/index.ts';
import { createLdifPackage } from '../connectors/ldif/index.ts';
import { createRegistry } from '../connectors/registry.ts';
import { createScimPackage } from '../connectors/scim/index.ts';
import { createScimWritePackage } from '../connectors/scim/write/index.ts';
import { createSqlPackage } from '../connectors/sql/index.ts';
import { createWorkdayPackage } from '../connectors/workday/index.ts';
import type { WritePackage } from '../connectors/write-package.ts';
import { createWriters } from '../connectors/write-registry.ts';
import { createXlsxPackage } from '../connectors/xlsx/index.ts';

/** The write sides of packages as this worker may use them. */
export const createWritersOf = ({ outbound: reach, secretFolders }: Config): ReturnType<typeof createWriters> => {
  const outbound = { ...reach, secretFolders };
  return createWriters([createScimWritePackage({ outbound }), createLdapWritePackage(outbound)] as WritePackage[]);
};

/** The packages as this worker may use them: the folders and the machines that it may reach. */
export function createPackages({
  fileRoots,
  outbound: reach,
  secretFolders,
}: Config): ReturnType<typeof createRegistry> {
  const outbound = { ...reach, secretFolders };
  return createRegistry([
    createCsvPackage({ fileRoots, outbound }),
    createLdapPackage(outbound),
    createLdifPackage({ fileRoots }),
    createSqlPackage({ fileRoots, outbound }),
    createXlsxPackage({ fileRoots }),
    createScimPackage({ outbound }),
    createHttpPackage({ outbound }),
    createWorkdayPackage({ outbound }),
  ]);
}
