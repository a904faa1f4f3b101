import { describe, expect, it } from 'vitest';
import { Failure } from '../failure.ts';
import { setSecret, setSetting } from './assignments.ts';
import { complete, type Wish } from './complete.ts';

const schema = {
  required: ['client'],
  properties: {
    client: { type: 'string', enum: ['postgres', 'mysql'] },
    port: { type: 'integer' },
    database: { type: 'string' },
    tls: { properties: { mode: { type: 'string' } } },
    tables: { additionalProperties: { properties: { from: { type: 'string' } } } },
    url: { anyOf: [{ type: 'string' }, { type: 'array' }] },
  },
};
const wish = (): Wish => ({ settings: {}, secrets: {} });

describe('settings as options', () => {
  it('are texts where the package wants texts, else YAML, and reach into sections', () => {
    const { settings } = wish();
    for (const each of ['port=5432', 'database=2026', 'tls.mode=none', 'tables.people.from=hr=1', 'url=[a, b]'])
      setSetting(settings, each, schema);
    expect(settings).toEqual({
      port: 5432,
      database: '2026',
      tls: { mode: 'none' },
      tables: { people: { from: 'hr=1' } },
      url: ['a', 'b'],
    });
  });

  it('never hold a secret, and say how they are written', () => {
    const { secrets } = wish();
    setSecret(secrets, 'password=env:SYNCLINE_SECRET_HR');
    expect(secrets).toEqual({ password: 'env:SYNCLINE_SECRET_HR' });
    expect(() => {
      setSecret(secrets, 'password=hunter2');
    }).toThrow('--secret password=env:SYNCLINE_SECRET_');
    expect(() => {
      setSetting({}, 'directory', schema);
    }).toThrow('name=value');
  });
});

describe('what is missing', () => {
  /** Like the API: it names what this client needs. */
  const propose = ({ settings, secrets }: Wish) => {
    const details = [
      ...(settings['database'] === undefined ? [{ pointer: '/settings/database', detail: 'database is needed' }] : []),
      ...(secrets['password'] === undefined ? [{ pointer: '/secrets/password', detail: 'a password is needed' }] : []),
    ];
    if (details.length > 0) throw new Failure('invalid', 'It cannot be used.', details);
    return Promise.resolve({ settings, secrets });
  };

  it('is asked for: what the package always needs, then what the API names', async () => {
    const asked: string[] = [];
    const answers = ['postgres', 'hr', 'file:/run/secrets/hr'];
    const made = await complete(wish(), schema, propose, (question) => {
      asked.push(question);
      return Promise.resolve(answers[asked.length - 1] ?? '');
    });
    expect(made).toEqual({
      settings: { client: 'postgres', database: 'hr' },
      secrets: { password: 'file:/run/secrets/hr' },
    });
    expect(asked[0]).toContain('One of postgres, mysql');
    expect(asked[2]).toContain('never the secret itself');
  });

  it('is named as the options to add where nobody can be asked', async () => {
    await expect(complete(wish(), schema, propose, undefined)).rejects.toThrow('Add --setting client=…');
    const some = { settings: { client: 'postgres' }, secrets: {} };
    await expect(complete(some, schema, propose, undefined)).rejects.toThrow(
      'Add --setting database=… --secret password=env:SYNCLINE_SECRET_…',
    );
  });

  it('is not what is wrong: that is told', async () => {
    const wrong = () => {
      throw new Failure('invalid', 'It cannot be used.', [{ pointer: '/settings/client', detail: 'no such client' }]);
    };
    const some = { settings: { client: 'x' }, secrets: {} };
    await expect(complete(some, schema, wrong, () => Promise.resolve('y'))).rejects.toThrow('It cannot be used.');
  });
});
