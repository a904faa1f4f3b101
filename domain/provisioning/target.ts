/**
 * What a connector provisions is kept by a connector of its own: app profiles are its entity types, and a run of provisioning is
 * a sync of it. People know it by the name of the connector in whose file it stands. No file can have such a name.
 */
const suffix = ':out';

export const targetName = (connector: string): string => `${connector}${suffix}`;
export const isTargetName = (name: string): boolean => name.endsWith(suffix);
/** The connector as people know it, whether it reads or provisions. */
export const ownerName = (name: string): string => (isTargetName(name) ? name.slice(0, -suffix.length) : name);
