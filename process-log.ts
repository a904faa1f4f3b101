import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { errorRecord } from './domain/error-record.ts';

/**
 * The log of a process of ours. Whatever is logged as an error is reduced to what holds no row data, and a process that
 * ends by an error that nobody caught says so in the same way: Node itself would print all that the error has.
 */
export function openProcessLog(name: string, { level, format }: Config['log']): Logger {
  const log = pino({
    name,
    level,
    serializers: { err: errorRecord, error: errorRecord },
    hooks: {
      logMethod(args, method) {
        const [first, ...more] = args as unknown[];
        // without a message pino takes that of the error
        const error = first instanceof Error ? { err: first } : first;
        const text = more.length === 0 && typeof error === 'object' ? ['an error'] : more;
        method.apply(this, [error, ...text] as Parameters<typeof method>);
      },
    },
    ...(format === 'pretty' ? { transport: { target: 'pino-pretty' } } : {}),
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'the process ends: nobody has caught an error');
      process.exit(1);
    });
  return log;
}
