import type { Logger as TemporalLogger, LogMetadata } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Fields of the SDK's log lines that have no payload. The SDK also logs whole requests and answers. */
const known = [
  ...['sdkComponent', 'taskQueue', 'namespace', 'identity', 'workflowId', 'runId', 'workflowType', 'activityId'],
  ...['activityType', 'attempt', 'isLocal', 'durationMs', 'error', 'code', 'state', 'patchId'],
];

/** Writes the log of the SDK into ours. Its level info is our level debug. */
export function temporalLogger(log: Logger): TemporalLogger {
  const at = (level: 'trace' | 'debug' | 'warn' | 'error') => (message: string, meta?: LogMetadata) => {
    // all but one of the queues have activities only, on purpose
    if (message.startsWith('No workflows registered')) return;
    log[level](Object.fromEntries(Object.entries(meta ?? {}).filter(([name]) => known.includes(name))), message);
  };
  const levels = { trace: at('trace'), debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('error') };
  const named = { TRACE: levels.trace, DEBUG: levels.debug, INFO: levels.info, WARN: levels.warn, ERROR: levels.error };
  return {
    ...levels,
    log: (level, message, meta) => {
      named[level](message, meta);
    },
  };
}
