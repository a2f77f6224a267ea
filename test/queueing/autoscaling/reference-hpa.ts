/** The HorizontalPodAutoscaler once more, as a controller that keeps lists and works through
 * names, written from Kubernetes' documentation of the algorithm. Nothing is shared with the
 * sources but the types of what goes in. */
import type { HpaConfig, HpaMetric } from '../../../src/queueing/autoscaling/hpa-config.ts';
import type {
  HpaObservation,
  MetricReading,
  PodReading,
  PodSight,
} from '../../../src/queueing/autoscaling/metric-replicas.ts';

type Rules = HpaConfig['scaleUp'];

/** A controller of one autoscaler. */
export class ReferenceHpa {
  #proposals: { n: number; t: number }[] | undefined;
  #ups: { n: number; t: number }[] = [];
  #downs: { n: number; t: number }[] = [];
  readonly #c: HpaConfig;

  constructor(config: HpaConfig) {
    this.#c = config;
  }

  /** Replicas to ask for. */
  sync(o: HpaObservation, t: number): number {
    const was = o.currentReplicas;
    this.#proposals ??= [{ n: was, t }];
    let want: number;
    if (was === 0 && this.#c.minReplicas !== 0) return 0;
    if (was > this.#c.maxReplicas) want = this.#c.maxReplicas;
    else if (was < this.#c.minReplicas) want = this.#c.minReplicas;
    else {
      const per = this.#c.metrics.map((_, i) => this.#proposal(o, i, t));
      const told = per.filter((n) => !Number.isNaN(n));
      const best = Math.max(0, ...told);
      if (told.length === 0 || (told.length < per.length && best < was)) return was;
      const upWindow = this.#proposals.filter((p) => t - p.t < this.#c.scaleUp.stabilizationUs);
      const downWindow = this.#proposals.filter((p) => t - p.t < this.#c.scaleDown.stabilizationUs);
      const floor = Math.min(best, ...upWindow.map((p) => p.n));
      const ceiling = Math.max(best, ...downWindow.map((p) => p.n));
      this.#proposals.push({ n: best, t });
      want = Math.min(Math.max(was, floor), ceiling);
      if (want > was) {
        const fast = Math.max(was, this.#bound(this.#c.scaleUp, was, t));
        want = Math.min(want, fast, this.#c.maxReplicas);
      } else if (want < was) {
        const fast = Math.min(was, this.#bound(this.#c.scaleDown, was, t));
        want = Math.max(want, fast, this.#c.minReplicas);
      }
    }
    if (want > was) remember(this.#ups, this.#c.scaleUp, { n: want - was, t });
    if (want < was) remember(this.#downs, this.#c.scaleDown, { n: was - want, t });
    return want;
  }

  #bound(rules: Rules, was: number, t: number): number {
    if (rules.selectPolicy === 'disabled') return was;
    const isUp = rules === this.#c.scaleUp;
    const limits = rules.policies.map((p) => {
      const recent = (list: { n: number; t: number }[]) =>
        list.filter((e) => t - e.t < p.periodUs).reduce((a, e) => a + e.n, 0);
      const base = was - recent(this.#ups) + recent(this.#downs);
      const sign = isUp ? 1 : -1;
      if (p.kind === 'pods') return base + sign * p.value;
      const scaled = base * (1 + (sign * p.value) / 100);
      return isUp ? Math.ceil(scaled) : Math.trunc(scaled);
    });
    const wantsMost = (rules.selectPolicy === 'max') === isUp;
    return wantsMost ? Math.max(...limits) : Math.min(...limits);
  }

  #within(r: number): boolean {
    return r >= 1 - this.#c.scaleDown.tolerance && r <= 1 + this.#c.scaleUp.tolerance;
  }

  #proposal(o: HpaObservation, index: number, t: number): number {
    const m = this.#c.metrics[index] as HpaMetric;
    const reading = o.readings[index];
    const isTotal = m.kind === 'object-value' || m.kind === 'object-average';
    if (reading?.kind === 'total' && isTotal) return this.#ofTotal(o, m, reading.valueMilli);
    if (reading?.kind === 'per-pod' && !isTotal) return this.#ofPods(o, m, { t, reading });
    return Number.NaN;
  }

  #ofTotal(o: HpaObservation, m: HpaMetric, total: number): number {
    const target = 'targetMilli' in m ? m.targetMilli : Number.NaN;
    if (m.kind === 'object-average') {
      const each = total / (target * o.statusReplicas);
      return this.#within(each) ? o.statusReplicas : Math.ceil(total / target);
    }
    const r = total / target;
    if (o.currentReplicas === 0) return Math.ceil(r);
    if (this.#within(r)) return o.currentReplicas;
    const up = o.pods.filter((p) => p.phase === 'running' && p.readiness?.isReady);
    return o.pods.length === 0 ? Number.NaN : Math.ceil(r * up.length);
  }

  #ofPods(
    o: HpaObservation,
    m: HpaMetric,
    at: { t: number; reading: Extract<MetricReading, { kind: 'per-pod' }> },
  ): number {
    const was = o.currentReplicas;
    const { values, unready, missing } = this.#groups(o, m, at);
    const readyCount = values.size;
    const ratio = ratioOf(m, o, values);
    if (Number.isNaN(ratio)) return Number.NaN;
    if (missing.length === 0 && (unready.length === 0 || ratio <= 1)) {
      return this.#within(ratio) ? was : Math.ceil(ratio * readyCount);
    }
    if (ratio > 1) for (const i of [...missing, ...unready]) values.set(i, 0);
    if (ratio < 1) for (const i of missing) values.set(i, fullUse(m, o.pods[i]?.requestMilli ?? 0));
    const again = ratioOf(m, o, values);
    if (Number.isNaN(again)) return Number.NaN;
    if (this.#within(again) || (ratio - 1) * (again - 1) < 0) return was;
    const n = Math.ceil(again * values.size);
    return (again - 1) * (n - was) < 0 ? was : n;
  }

  #groups(
    o: HpaObservation,
    m: HpaMetric,
    at: { t: number; reading: Extract<MetricReading, { kind: 'per-pod' }> },
  ) {
    const values = new Map<number, number>();
    const unready: number[] = [];
    const missing: number[] = [];
    for (const [i, p] of o.pods.entries()) {
      const sample = at.reading.byPod[i];
      if (p.isDeleting || p.phase === 'failed') continue;
      if (p.phase === 'pending') unready.push(i);
      else if (sample === undefined) missing.push(i);
      else if (this.#tooYoung(p, m, { t: at.t, sample })) unready.push(i);
      else values.set(i, sample.valueMilli);
    }
    return { values, unready, missing };
  }

  #tooYoung(p: PodSight, m: HpaMetric, at: { t: number; sample: PodReading }): boolean {
    if (!('resource' in m) || m.resource !== 'cpu') return false;
    if (p.startedUs === undefined || p.readiness === undefined) return true;
    const { isReady, sinceUs } = p.readiness;
    const isStale = !isReady || at.sample.atUs - sinceUs < at.sample.windowUs;
    const neverReady = !isReady && sinceUs - p.startedUs < this.#c.initialReadinessDelayUs;
    return at.t - p.startedUs < this.#c.cpuInitializationUs ? isStale : neverReady;
  }
}

function fullUse(m: HpaMetric, request: number): number {
  if ('targetMilli' in m) return m.targetMilli;
  return Math.trunc((request * Math.max(100, m.targetPercent)) / 100);
}

function ratioOf(m: HpaMetric, o: HpaObservation, values: Map<number, number>): number {
  if (values.size === 0) return Number.NaN;
  const used = [...values.values()].reduce((a, b) => a + b, 0);
  if (m.kind !== 'resource-utilization') return Math.trunc(used / values.size) / m.targetMilli;
  const asked = [...values.keys()].reduce((a, i) => a + (o.pods[i]?.requestMilli ?? 0), 0);
  return asked === 0 ? Number.NaN : Math.trunc((used * 100) / asked) / m.targetPercent;
}

/** Kubernetes writes over the last event that its direction's policies cannot see any more. */
function remember(list: { n: number; t: number }[], rules: Rules, one: { n: number; t: number }) {
  const longest = Math.max(0, ...rules.policies.map((p) => p.periodUs));
  let free = -1;
  list.forEach((e, i) => {
    if (one.t - e.t > longest) free = i;
  });
  if (free < 0) list.push(one);
  else list[free] = one;
}
