/** `backlot schema`: prints the published JSON Schema of a document. */
import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';

/** Adds the command. */
export function addSchemaCommand(program: Command, terminal: Terminal): void {
  program
    .command('schema')
    .description('print the JSON Schema of a document; without a name, which there are')
    .argument('[name]', 'of the command that prints the document: run, compare, plan, …')
    .action((name: string | undefined) => printSchema(name, terminal));
}

async function printSchema(name: string | undefined, terminal: Terminal): Promise<void> {
  const { schemaNames, schemaText } = await import('../../../export/schemas.ts');
  terminal.print(name === undefined ? `${schemaNames().join('\n')}\n` : schemaText(name));
}
