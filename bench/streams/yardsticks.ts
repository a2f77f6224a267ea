/** Other systems' figures, printed beside ours for orientation. They are of other machines, other
 * years and other work around the operator: an order of magnitude, no comparison. */
import type { BenchResult } from '../bench-suite.ts';

const FLINK = 'Flink, NEXMark GUIDE, per core; another machine';

/** One figure each, the source in the unit. */
export const YARDSTICKS: readonly BenchResult[] = [
  yardstick('flink_q5_hot_items', 22_100, FLINK),
  yardstick('flink_q11_user_sessions', 39_700, FLINK),
  yardstick('flink_q12_processing_time_windows', 75_700, FLINK),
  yardstick('flink_q13_side_input_enrichment', 131_000, FLINK),
  yardstick('flink_q18_dedupe', 53_700, FLINK),
  yardstick('flink_q19_top_ten', 44_000, FLINK),
  yardstick('flink_q10_log_to_files', 57_800, FLINK),
  yardstick('eventsim_generate', 147_058, 'eventsim README, one thread; another machine'),
  yardstick('rudderstack_gateway', 1_700, 'RudderStack docs, 2 cores; another machine'),
];

function yardstick(name: string, value: number, source: string): BenchResult {
  return { name: `yardstick_${name}_per_s`, value, unit: `events/s (${source})` };
}
