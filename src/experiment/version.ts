/** The version of this package, as every document states it. Kept equal to package.json by a test. */
export const PACKAGE_VERSION = '0.1.0';
