/** Runs once before all test files: what tests share and cannot build for themselves. */
export default async function setup(): Promise<void> {}
