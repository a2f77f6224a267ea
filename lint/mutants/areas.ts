/** What is mutated, and against which tests: mutants of one area only meet the tests of that area,
 * because half of all tests run the kernel and would be run for each of its mutants. */

/** One area. */
export interface Area {
  readonly name: string;
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const POLICIES = '{autoscaling,balancing,caches,calls,limits,pools,shedding}';

/** All areas. */
export const AREAS: readonly Area[] = [
  {
    name: 'kernel',
    mutate: ['src/kernel/*.ts', '!src/kernel/errors.ts'],
    tests: ['test/kernel/*.test.ts'],
  },
  {
    name: 'distributions',
    mutate: ['src/kernel/distributions/**/*.ts'],
    tests: ['test/kernel/distributions/**/*.test.ts'],
  },
  {
    name: 'policies',
    mutate: [`src/queueing/${POLICIES}/**/*.ts`, 'src/queueing/retry.ts'],
    tests: [`test/queueing/${POLICIES}/**/*.test.ts`, 'test/queueing/retry.test.ts'],
  },
  {
    name: 'windows',
    mutate: ['src/streams/windows/**/*.ts'],
    tests: ['test/streams/windows/**/*.test.ts'],
  },
];

/** The area that a run is of, by the environment. */
export function areaNamed(name: string | undefined): Area | undefined {
  return AREAS.find((area) => area.name === name);
}
