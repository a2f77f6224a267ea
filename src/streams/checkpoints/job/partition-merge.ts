/** Joins partitions to one stream: rows pass as they come, the watermark is the least over the
 * inputs that are active and aligned. Spec: W6. */
import type { PlainValue } from '../../../domain/plain-value.ts';
import { createWatermarkMerge } from '../../watermarks/watermark-merge.ts';
import { savedFields } from '../snapshot-refused.ts';
import type { Emit, JobOperator } from './job-item.ts';

/** Makes a merge of `inputCount` inputs. */
export function createPartitionMerge(inputCount: number): JobOperator {
  const merged = createWatermarkMerge(inputCount);
  let isIdle = false;
  const tell = (watermarkUs: number | undefined, emit: Emit) => {
    if (watermarkUs !== undefined) emit({ kind: 'watermark', timeUs: watermarkUs });
  };
  return {
    push(input, item, emit) {
      switch (item.kind) {
        case 'row':
          emit(item);
          return;
        case 'watermark':
          tell(merged.advance(input, item.timeUs), emit);
          return;
        case 'idle':
          tell(merged.setIdle(input), emit);
          break;
        case 'active':
          merged.setActive(input);
          break;
      }
      if (merged.isAllIdle === isIdle) return;
      isIdle = !isIdle;
      emit({ kind: isIdle ? 'idle' : 'active' });
    },
    snapshot: (): PlainValue => ({ isIdle, merged: merged.snapshot() }),
    restore(saved) {
      const fields = savedFields(saved, 'merge');
      merged.restore(fields.value('merged'));
      isIdle = fields.flag('isIdle');
    },
  };
}
