/** What a check throws, for tests that look at it. */
import { CheckFailure } from '../../src/testing/story/check-failure.ts';

/** The failure of a check that must fail. */
export async function failureOf(check: Promise<unknown>): Promise<CheckFailure> {
  try {
    await check;
  } catch (error) {
    if (error instanceof CheckFailure) return error;
    throw error;
  }
  throw new Error('the check passed');
}

/** The story without its token, whose text hangs on the version of zlib. */
export function storyWithoutToken({ message }: Error): string {
  return message.replace(/bl1\.[\w-]+\.[0-9a-f]{16}/, 'bl1.…');
}
