/** Zones: calls stay in their own zone while enough of its replicas are healthy. Source: Envoy,
 * locality-weighted and priority load balancing (over-provisioning factor 1.4: a zone keeps all its
 * calls down to 1/1.4 ≈ 71 % healthy replicas, then a share in proportion). Spec: Q49. */
import type { ChoiceRequest } from './balancer.ts';
import type { Field } from './field.ts';
import { type EjectionState, isEjectedAt } from './outlier-ejection.ts';

/** Share of calls that stay local: `min(1, overprovisioning · healthy / all)` of the zone. */
export interface ZonePreference {
  /** ≥ 1. */
  readonly overprovisioning: number;
}

/** The field of a request under ejections and a zone preference. Cost O(1) without either. */
export function fieldOf(
  request: ChoiceRequest,
  ejection: EjectionState | undefined,
  zones: ZonePreference | undefined,
): Field {
  const { u1 } = request;
  const isAnyEjected = ejection !== undefined && ejection.ejectedCount > 0;
  if (!isAnyEjected && zones === undefined) {
    return { request, health: undefined, zones: 'all', u1 };
  }
  const seen = countHealthy(request, ejection);
  if (seen.healthyLocal + seen.healthyOther === 0) {
    return { request, health: undefined, zones: 'all', u1 };
  }
  const health = isAnyEjected ? ejection.hosts : undefined;
  if (zones === undefined) return { request, health, zones: 'all', u1 };
  if (seen.healthyLocal === 0) return { request, health, zones: 'other', u1 };
  const share = (zones.overprovisioning * seen.healthyLocal) / seen.allLocal;
  if (share >= 1 || seen.healthyOther === 0) return { request, health, zones: 'local', u1 };
  if (u1 < share) return { request, health, zones: 'local', u1: u1 / share };
  return { request, health, zones: 'other', u1: (u1 - share) / (1 - share) };
}

interface ZoneCounts {
  readonly allLocal: number;
  readonly healthyLocal: number;
  readonly healthyOther: number;
}

function countHealthy(request: ChoiceRequest, ejection: EjectionState | undefined): ZoneCounts {
  let allLocal = 0;
  let healthyLocal = 0;
  let healthyOther = 0;
  for (let i = 0; i < request.replicas.length; i += 1) {
    const replica = request.replicas[i];
    if (replica === undefined) continue;
    const isLocal = replica.zone === request.zone;
    if (isLocal) allLocal += 1;
    const host = ejection?.hosts[i];
    const isEjected = host !== undefined && isEjectedAt(host, request.nowUs);
    if (!replica.isReady || isEjected) continue;
    if (isLocal) healthyLocal += 1;
    else healthyOther += 1;
  }
  return { allLocal, healthyLocal, healthyOther };
}
