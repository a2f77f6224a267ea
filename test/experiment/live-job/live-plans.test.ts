/** What a collector's own settings must hold against the SDKs that send to it. */
import { expect, it } from 'vitest';
import { liveSettings } from '../../../src/experiment/live-job/live-plans.ts';
import { DEFAULT_SDK_POLICY } from '../../../src/sdk/sdk-policy.ts';

it('B43: an id is remembered for as long as an SDK may send it again', () => {
  expect(liveSettings().dedupeTtlUs).toBeGreaterThan(DEFAULT_SDK_POLICY.maxAgeUs);
});
