import { own } from '../chosen-names.ts';
import type { ConnectionFile, ConnectorFile } from '../connector-file.ts';
import { directoryName } from '../directory/directory-file.ts';
import type { MappedTarget } from '../directory/check-mappings.ts';
import { compileOverAssigned, ExpressionError } from '../expression.ts';
import { deprovisionOf, type ProfileFile } from './profile-schema.ts';
import { ownerName } from './target.ts';
import { profileKey } from './target-file.ts';

type Add = (path: PropertyKey[], detail: string) => void;
type Compile = <Compiled extends { size: number }>(make: () => Compiled) => Compiled;

/** What `provisioning` is checked against besides the file. */
export interface ProvisioningSurroundings {
  entityTypeOf(name: string): MappedTarget | undefined;
  /** What keeps profiles from being written by a package, from the profile on; undefined: the package writes nothing. */
  profileFaults?(
    connection: ConnectionFile,
    profile: ProfileFile,
  ): { path: PropertyKey[]; detail: string }[] | undefined;
}

/** Checks what the shape of `provisioning` cannot say: that names exist, and that expressions can be used. */
export function checkProvisioning(
  file: ConnectorFile,
  around: ProvisioningSurroundings,
  compile: Compile,
  addToFile: Add,
): void {
  const { provisioning } = file;
  if (!provisioning) return;
  const add: Add = (path, detail) => {
    addToFile(['provisioning', ...path], detail);
  };
  const connection = file.connections.find(({ name }) => name === provisioning.connection);
  if (!connection) add(['connection'], `There is no connection ${provisioning.connection} in this file.`);
  provisioning.profiles.forEach((profile, i) => {
    const at: Add = (path, detail) => {
      add(['profiles', i, ...path], detail);
    };
    const taken = around.entityTypeOf(profile.name)?.connector;
    if (provisioning.profiles.findIndex(({ name }) => name === profile.name) < i)
      at(['name'], 'Another profile has this name.');
    else if (file.entityTypes.some(({ name }) => name === profile.name))
      at(['name'], 'An entity type of this file has this name.');
    else if (taken !== undefined && (ownerName(taken) !== file.name || taken === file.name))
      at(
        ['name'],
        `The connector ${ownerName(taken)} has an entity type of this name. Names must be unique over all connectors.`,
      );
    checkProfile(provisioning.profiles, profile, around, compile, at);
    if (!connection) return;
    const faults = around.profileFaults?.(connection, profile);
    if (!faults)
      add(['connection'], `The package ${connection.package} of the connection ${connection.name} writes nothing.`);
    for (const fault of faults ?? []) at(fault.path, fault.detail);
  });
}

function checkProfile(
  all: readonly ProfileFile[],
  profile: ProfileFile,
  around: ProvisioningSurroundings,
  compile: Compile,
  add: Add,
): void {
  const from = around.entityTypeOf(profile.from);
  if (from?.connector !== directoryName) {
    add(
      ['from'],
      `The directory has no entity type ${profile.from}. Load the file of the directory first: PUT /v1/connectors/${directoryName}.`,
    );
    return;
  }
  checkCel(profile.assigned, true, profile, from, ['assigned'], compile, add);
  for (const [name, { property, expression }] of Object.entries(profile.attributes)) {
    if (name === profileKey)
      add(['attributes', name], `${profileKey} is the key of the profile. The target makes its own.`);
    if (property !== undefined && !from.properties.some((each) => each.name === property))
      add(['attributes', name, 'property'], `${profile.from} has no property ${property}.`);
    checkCel(expression, false, profile, from, ['attributes', name, 'expression'], compile, add);
  }
  profile.match.forEach((rule, i) => {
    if (Object.keys(rule).length === 0) add(['match', i], 'A rule pairs at least one attribute.');
    for (const attribute of Object.keys(rule))
      if (!own(profile.attributes, attribute))
        add(['match', i, attribute], `The profile has no attribute ${attribute}.`);
  });
  const taken = deprovisionOf(profile);
  if (taken === 'disable' && profile.kind === 'group')
    add(['deprovision', 'action'], 'Groups cannot be disabled. Give delete or none.');
  if (taken === 'delete' && !profile.actions.delete)
    add(['deprovision', 'action'], 'Deleting needs actions: { delete: true }.');
  if (!profile.members) return;
  if (profile.kind !== 'group') add(['members'], 'Only a profile of kind group has members.');
  if (!from.links.some(({ name }) => name === profile.members?.link))
    add(['members', 'link'], `${profile.from} has no navigation property ${profile.members.link}.`);
  for (const [i, name] of profile.members.profiles.entries())
    if (!all.some((each) => each.name === name && each.kind === 'user'))
      add(['members', 'profiles', i], `There is no profile ${name} of kind user in this file.`);
}

function checkCel(
  text: string | undefined,
  condition: boolean,
  { kind, from: fromName }: ProfileFile,
  from: MappedTarget,
  path: PropertyKey[],
  compile: Compile,
  add: Add,
): void {
  if (text === undefined) return;
  try {
    const { type, columns } = compile(() => compileOverAssigned(text, kind));
    if (condition && type !== 'bool' && type !== 'dyn')
      add(path, `The result of the condition is ${type}. It must be true or false.`);
    for (const name of columns ?? [])
      if (!from.properties.some((each) => each.name === name)) add(path, `${fromName} has no property ${name}.`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    add(path, `The expression cannot be used: ${error.message}`);
  }
}
