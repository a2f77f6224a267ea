/** The four stages that every pipeline has: kind of device, country, title and local hour. The
 * client's address is read here for the last time. Spec: W4, W9. */
import type { ReferenceData } from '../../../domain/pipeline-ports.ts';
import { createDeviceKind } from '../lookups/device-kind.ts';
import type { Stage } from '../stage.ts';

const US_PER_MINUTE = 60_000_000;
const MINUTES_PER_DAY = 1_440;

/** Makes the stages, in their order. @param version - Version of the reference data. */
export function createReferenceStages(reference: ReferenceData, version = '1'): readonly Stage[] {
  const deviceKind = createDeviceKind();
  const common = { version: '1.0.0', part: 'enrich' } as const;
  return [
    {
      ...common,
      name: 'device',
      apply(draft) {
        draft.deviceKind = deviceKind(draft.record.userAgent);
        return draft;
      },
    },
    {
      ...common,
      name: 'country',
      references: { networks: version },
      apply(draft) {
        draft.country = reference.country(draft.record.clientAddress);
        return draft;
      },
    },
    {
      ...common,
      name: 'title',
      references: { titles: version },
      apply(draft) {
        const { titleId } = draft.event.data;
        const title = titleId === undefined ? undefined : reference.title(titleId);
        draft.titleName = title?.name ?? null;
        draft.genre = title?.genre ?? null;
        return draft;
      },
    },
    {
      ...common,
      name: 'local-hour',
      references: { offsets: version },
      apply(draft) {
        const offsetMinutes = reference.utcOffsetMinutes(draft.country);
        draft.localHour = localHour(draft.event.eventTimeUs, offsetMinutes);
        return draft;
      },
    },
  ];
}

function localHour(timeUs: number, offsetMinutes: number): number {
  const minute = Math.floor(timeUs / US_PER_MINUTE) + offsetMinutes;
  return Math.floor((((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY) / 60);
}
