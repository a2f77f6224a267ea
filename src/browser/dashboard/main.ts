/** The script of the dashboard. */
import { Connection } from './connection.ts';
import { DashboardPage } from './dashboard.ts';

const page = new DashboardPage((command) => connection.send(command));
const connection = new Connection(page, location.hash);
void connection.run();
