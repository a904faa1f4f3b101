import type { Client } from '@temporalio/client';
import { searchAttributes } from '../workflows/names.ts';

/** Temporal's own numbers of the types (temporal.api.enums.v1.IndexedValueType). */
const indexedValueTypes = { KEYWORD: 2, INT: 3 } as const;

/**
 * Registers our search attributes if the namespace lacks them. The embedded server has them from its start, another server
 * may not. If the worker has no right to register them, the message says what an administrator should register.
 */
export async function registerSearchAttributes(
  client: Client,
  namespace: string,
  warn: (message: string) => void,
): Promise<void> {
  const operator = client.connection.operatorService;
  const wanted = Object.values(searchAttributes);
  try {
    const { customAttributes } = await operator.listSearchAttributes({ namespace });
    const missing = wanted.filter((key) => !(key.name in customAttributes));
    if (missing.length === 0) return;
    await operator.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((key) => [key.name, indexedValueTypes[key.type]])),
    });
  } catch (error) {
    warn(
      `The search attributes ${wanted.map((key) => `${key.name} (${key.type})`).join(', ')} could not be registered in the ` +
        `Temporal namespace ${namespace}: ${error instanceof Error ? error.message : 'unknown error'}. ` +
        'Ask the administrator of the namespace to add them. Syncs cannot start without them.',
    );
  }
}
