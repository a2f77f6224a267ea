/** A request that the dashboard's server does not serve. */

/** Why, with the status of HTTP. */
export class DashboardRefusal extends Error {
  readonly statusCode: number;
  readonly code: string;

  constructor(statusCode: number, code: string, message: string) {
    super(message);
    this.name = 'DashboardRefusal';
    this.statusCode = statusCode;
    this.code = code;
  }
}
