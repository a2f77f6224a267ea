/** Time-outs that cut off what works, and connections that hold back what could go at once.
 * Spec: E258. */
import { servicePolicies } from '../../requests/wiring/call-settings.ts';
import { duration, finding, type Lint, number } from './finding.ts';

/** L-TIMEOUT: calls that are given up at the peak's usual sojourn, or later than the page is. */
export const timeoutLints: Lint = ({ subjects }) =>
  subjects.flatMap(({ variant, preflight }) => {
    const { scenario } = variant;
    const { pageTimeout } = scenario.requests;
    return preflight.stations.flatMap((station) => {
      if (station.kind !== 'service') return [];
      const { timeoutUs } = servicePolicies(scenario, station.station);
      const place = { subject: preflight.name, path: `services.${station.station}` };
      const meanUs = (station.meanServiceMs + (station.peak.meanWaitMs ?? 0)) * 1_000;
      if (timeoutUs <= meanUs) {
        const found = `time-out ${duration(timeoutUs)}, mean sojourn ${duration(meanUs)}`;
        const rule = 'most calls are given up and tried again: give a longer time-out';
        return [finding('warning', 'L-TIMEOUT', { ...place, found, rule })];
      }
      if (timeoutUs <= pageTimeout || pageTimeout === 0) return [];
      const found = `time-out ${duration(timeoutUs)}, that of pages ${duration(pageTimeout)}`;
      const rule = 'calls go on for viewers who have gone: give a time-out below the page’s';
      return [finding('warning', 'L-TIMEOUT', { ...place, found, rule })];
    });
  });

/** L-CONNECTIONS: devices ask more at once than HTTP/1.1 has connections for. */
export const connectionLints: Lint = ({ subjects }) =>
  subjects.flatMap(({ variant, preflight }) => {
    const { connections } = variant.scenario.network;
    if (variant.architecture !== 'direct' || connections.protocol !== 'http/1.1') return [];
    const most = Math.max(0, ...preflight.byPage.map(({ parallelCalls }) => parallelCalls));
    if (most <= connections.maxConnections) return [];
    const found = `${most} calls at once over ${connections.maxConnections} connections`;
    const rounds = Math.ceil(most / connections.maxConnections);
    const rule = `a wave takes ${number(rounds)} rounds: use http/2, or batch the calls`;
    const place = { subject: preflight.name, path: 'network.connections' };
    return [finding('warning', 'L-CONNECTIONS', { ...place, found, rule })];
  });
