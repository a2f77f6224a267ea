/** The dashboard as one page: its style and its script stand in it, and the policy permits these
 * two by their hashes and nothing else. The page holds nothing of the run. Spec: L65. */
import { createHash } from 'node:crypto';
import { STYLES } from '../../report/html/styles.ts';
import { DASHBOARD_STYLES } from './dashboard-styles.ts';

/** A page and what must be sent along. */
export interface DashboardPage {
  readonly html: string;
  /** The content of its `Content-Security-Policy`. */
  readonly policy: string;
}

/** What is sent with everything that is no page. */
export const CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** The page around a script.
 * @param script - The bundle `dashboard`. */
export function dashboardPage(script: string): DashboardPage {
  const safeScript = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const style = `${STYLES}\n${DASHBOARD_STYLES}`;
  return {
    policy: [
      CLOSED_POLICY,
      `script-src '${hashOf(safeScript)}'`,
      `style-src '${hashOf(style)}'`,
      "connect-src 'self'",
      'img-src data:',
      "form-action 'none'",
    ].join('; '),
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>backlot</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body class="dashboard">
<noscript><p>This page shows a run as it goes, and needs JavaScript for it. The report of a run
reads without.</p></noscript>
<script>${safeScript}</script>
</body>
</html>
`,
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
