import { z } from 'zod';
import { shortDuration } from '../duration.ts';
import { disorderOf, reviewDefaults, waitsOf } from './times.ts';

/** `review` of a connector file: what happens to a held sync that nobody decides on. */

const wait = (name: keyof typeof reviewDefaults, what: string) =>
  z
    .string(`${name} must be a duration as text, like ${reviewDefaults[name]}, or null`)
    .regex(shortDuration, `${name} must be a number from 1 to 9999 with m, h or d, like ${reviewDefaults[name]}`)
    .nullable()
    .optional()
    .describe(`${what}; the default is ${reviewDefaults[name]}, null switches it off`);

export const reviewSchema = z
  .strictObject({
    remindAfter: wait('remindAfter', 'How long after the beginning of the hold the sync reminds'),
    escalateAfter: wait('escalateAfter', 'How long after the beginning of the hold the sync escalates'),
    expireAfter: wait('expireAfter', 'How long after the beginning of the hold the sync is rejected'),
  })
  .superRefine((review, context) => {
    const faulty = Object.values(review).some((each) => typeof each === 'string' && !shortDuration.test(each));
    const found = faulty ? undefined : disorderOf(review);
    if (!found) return;
    const waits = waitsOf(review);
    const told = (timer: 'remind' | 'escalate' | 'expire') =>
      `${timer}After (${waits[timer] ?? ''}${review[`${timer}After`] === undefined ? ', the default' : ''})`;
    context.addIssue({
      code: 'custom',
      path: [`${review[`${found.timer}After`] === undefined ? found.before : found.timer}After`],
      message: `${told(found.timer)} must be longer than ${told(found.before)}; null switches one off`,
    });
  })
  .describe('Reminder, escalation and expiry of held syncs');
