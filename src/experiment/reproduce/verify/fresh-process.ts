/** Runs a recorded result again in a process of its own: nothing that this one remembers (caches,
 * numbering, whatever module keeps state) can make two runs equal that are not. Spec: E354. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError, type ErrorCode, type ErrorDetailsByCode } from '../../../kernel/errors.ts';
import type { CarriedError } from '../../run-worker.ts';
import type { RerunAnswer, RerunAnswers, RerunTask, RerunWant } from './rerun-entry.ts';

const ENTRY = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './rerun-entry.ts' : './rerun-entry.js',
    import.meta.url,
  ),
);

/** Runs a task in a fresh process, which ends with it.
 * @throws EngineError as runs do. Cost: a process start (some 0.5 s) and the runs. */
export function rerunFresh<K extends RerunWant['kind']>(
  task: RerunTask & { readonly want: Extract<RerunWant, { readonly kind: K }> },
): Promise<RerunAnswers[K]> {
  return new Promise((resolve, reject) => {
    const child = fork(ENTRY, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.once('message', (message) => {
      const answer = message as RerunAnswer;
      if (answer.ok) resolve(answer.answer as RerunAnswers[K]);
      else reject(revived(answer.error));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the process that ran it again ended early (${signal ?? code})`)),
    );
    child.send(task);
  });
}

function revived({ code, message, stack, details }: CarriedError): Error {
  if (code === undefined) return Object.assign(new Error(message), { stack });
  return new EngineError(
    code as ErrorCode,
    message.slice(code.length + 2),
    details as ErrorDetailsByCode[ErrorCode],
  );
}
