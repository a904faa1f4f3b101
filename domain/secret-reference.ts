/**
 * Variables that a connector file may name begin with this prefix, so nobody reads our own variables through a connector.
 */
export const secretPrefix = 'SYNCLINE_SECRET_';
/** The setting that lists the folders has the same prefix, but is not a secret. */
export const secretFoldersVariable = 'SYNCLINE_SECRET_DIRS';

export type SecretReference = { variable: string } | { file: string };

/**
 * What a reference of a connector file leads to.
 * @param folders absolute folders whose files may be named
 * @returns the variable or file, or why it may not be named; the reason does not repeat the reference, which may be a
 *   secret that was put in its place
 */
export function readSecretReference(reference: string, folders: readonly string[]): SecretReference | string {
  if (reference.startsWith('env:')) {
    const variable = reference.slice('env:'.length);
    return variable.length > secretPrefix.length &&
      variable.startsWith(secretPrefix) &&
      variable !== secretFoldersVariable
      ? { variable }
      : `The name of a variable with a secret must begin with ${secretPrefix}. Rename the variable of the worker.`;
  }
  const file = reference.slice('file:'.length);
  const isPlain = file.split('/').every((part, i) => (i === 0 ? part === '' : !['', '.', '..'].includes(part)));
  const isInside = folders.some((folder) => file.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
  return isPlain && isInside && !file.includes('\0')
    ? { file }
    : `A file with a secret must be in a folder of ${secretFoldersVariable}, and be given by its whole path. Move the file, or add its folder to ${secretFoldersVariable}.`;
}
