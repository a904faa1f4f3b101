import { Checkbox, TextInput } from '@mantine/core';
import type { Package } from '../../server/types.ts';

/** What has been typed, as text. */
export interface Filled {
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

interface Property {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
}

const propertiesOf = (of: Package): [string, Property][] =>
  Object.entries((of.settings['properties'] as Record<string, Property> | undefined) ?? {});

const simple = ({ type, enum: choices }: Property) =>
  choices !== undefined || ['string', 'number', 'integer', 'boolean', 'array'].includes(type ?? '');

/** The settings as the file has them; what was left empty is left out. */
export function filledOf({ settings, secrets }: Filled, of: Package | undefined) {
  const values: Record<string, unknown> = {};
  for (const [name, property] of of ? propertiesOf(of) : []) {
    const text = settings[name]?.trim() ?? '';
    if (text === '') continue;
    if (property.type === 'boolean') values[name] = text === 'true';
    else if (property.type === 'number' || property.type === 'integer') values[name] = Number(text);
    else if (property.type === 'array') values[name] = text.split(',').map((part) => part.trim());
    else values[name] = text;
  }
  const name = secrets['name']?.trim() ?? '';
  return { settings: values, secrets: name === '' ? {} : { [name]: secrets['reference']?.trim() ?? '' } };
}

interface FormProps {
  of: Package;
  filled: Filled;
  onFill: (filled: Filled) => void;
}

/** A field a setting, from the JSON Schema of the package. What has a structure is added in the file, in the next step. */
export function SettingsForm({ of, filled, onFill }: FormProps) {
  const required = new Set((of.settings['required'] as string[] | undefined) ?? []);
  const set = (name: string, text: string) => {
    onFill({ ...filled, settings: { ...filled.settings, [name]: text } });
  };
  const fields = propertiesOf(of).filter(([, property]) => simple(property));
  // what is needed comes first
  return (
    <>
      {[...fields]
        .sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
        .map(([name, property]) =>
          property.type === 'boolean' ? (
            <Checkbox
              key={name}
              label={titleOf(name)}
              description={property.description}
              checked={(filled.settings[name] ?? String(property.default)) === 'true'}
              onChange={(event) => {
                set(name, String(event.currentTarget.checked));
              }}
            />
          ) : (
            <TextInput
              key={name}
              label={titleOf(name)}
              description={descriptionOf(property)}
              placeholder={
                typeof property.default === 'string' || typeof property.default === 'number'
                  ? String(property.default)
                  : ''
              }
              required={required.has(name)}
              withAsterisk={false}
              value={filled.settings[name] ?? ''}
              onChange={(event) => {
                set(name, event.currentTarget.value);
              }}
            />
          ),
        )}
      <div className="row">
        <TextInput
          label="Name of a secret"
          description="If the system asks for one, for example password"
          value={filled.secrets['name'] ?? ''}
          onChange={(event) => {
            onFill({ ...filled, secrets: { ...filled.secrets, name: event.currentTarget.value } });
          }}
        />
        <TextInput
          label="Where the secret is"
          description="env:SYNCLINE_SECRET_… or file:/path, never the value"
          value={filled.secrets['reference'] ?? ''}
          onChange={(event) => {
            onFill({ ...filled, secrets: { ...filled.secrets, reference: event.currentTarget.value } });
          }}
        />
      </div>
    </>
  );
}

const titleOf = (name: string) => {
  const words = name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

function descriptionOf({ description, enum: choices, type }: Property): string | undefined {
  const more = choices
    ? `One of: ${choices.join(', ')}`
    : type === 'array'
      ? 'Several: separated by commas'
      : undefined;
  return [description, more].filter(Boolean).join('. ') || undefined;
}
