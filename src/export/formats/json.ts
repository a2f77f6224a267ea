/** The document itself, as its published schema says (`backlot schema`). Spec: X1. */
import type { ExportFormat } from '../export-format.ts';

/** JSON with two spaces. */
export const JSON_FORMAT: ExportFormat = {
  name: 'json',
  mediaType: 'application/json',
  extension: 'json',
  refusal: () => null,
  render: (document) => `${JSON.stringify(document, null, 2)}\n`,
};
